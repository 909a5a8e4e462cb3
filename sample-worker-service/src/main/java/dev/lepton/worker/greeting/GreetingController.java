package dev.lepton.worker.greeting;

import dev.lepton.client.unit.UnitId;
import dev.lepton.starter.unit.ThisUnit;
import java.util.OptionalLong;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /hello}: which unit, version and incarnation answers. */
@RestController
class GreetingController {

    private final ThisUnit unit;
    private final long pid = ProcessHandle.current().pid();

    GreetingController(ThisUnit unit) {
        this.unit = unit;
    }

    @GetMapping("/hello")
    Greeting hello() {
        UnitId id = unit.id();
        OptionalLong incarnation = unit.incarnation();
        return new Greeting(
                id == null ? null : id.value(),
                unit.service().value(),
                unit.version(),
                incarnation.isPresent() ? incarnation.getAsLong() : null,
                pid);
    }
}
