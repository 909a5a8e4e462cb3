package dev.lepton.registry.catalog;

import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.client.unit.UnitView;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Lists units and services. */
@RestController
@RequestMapping("/v1")
class CatalogController {

    private final Catalog catalog;

    CatalogController(Catalog catalog) {
        this.catalog = catalog;
    }

    @GetMapping("/units")
    UnitPage units(
            @RequestParam(required = false) @Nullable ServiceName service,
            @RequestParam(required = false) @Nullable UnitState state,
            @RequestParam(required = false) @Nullable NodeName node,
            @RequestParam(required = false) @Nullable List<String> label,
            @RequestParam(defaultValue = "0") int page,
            @RequestParam(defaultValue = "100") int size) {
        List<String> labels = label == null ? List.of() : label;
        return catalog.units(UnitFilter.of(service, state, node, labels), page, size);
    }

    @GetMapping("/units/{id}")
    UnitView unit(@PathVariable UnitId id) {
        return catalog.unit(id);
    }

    @GetMapping("/services")
    ServiceList services() {
        return catalog.services();
    }

    @GetMapping("/services/{service}")
    ServiceView service(@PathVariable ServiceName service) {
        return catalog.service(service);
    }
}
