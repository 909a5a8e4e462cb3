package dev.lepton.registry.policy;

import dev.lepton.client.policy.PolicyChange;
import dev.lepton.client.policy.StoredPolicy;
import dev.lepton.client.unit.ServiceName;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The policies of services. */
@RestController
@RequestMapping("/v1")
class PolicyController {

    private final PolicyBook book;

    PolicyController(PolicyBook book) {
        this.book = book;
    }

    @GetMapping("/policies")
    PolicyList policies() {
        return new PolicyList(book.current());
    }

    @GetMapping("/services/{service}/policy")
    StoredPolicy policy(@PathVariable ServiceName service) {
        return book.find(service);
    }

    @PutMapping("/services/{service}/policy")
    StoredPolicy change(@PathVariable ServiceName service, @RequestBody PolicyChange change) {
        return book.change(service, change);
    }

    @GetMapping("/services/{service}/policy/history")
    PolicyPage history(
            @PathVariable ServiceName service,
            @RequestParam(name = "page", defaultValue = "0") @Min(0) @Max(1_000_000) int page,
            @RequestParam(name = "size", defaultValue = "100") @Min(1) @Max(1000) int size) {
        return book.history(service, page, size);
    }
}
