package dev.lepton.registry.desired;

import dev.lepton.client.desired.Desired;
import dev.lepton.client.desired.DesiredWish;
import dev.lepton.client.unit.UnitId;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What is wanted of one unit. */
@RestController
@RequestMapping("/v1/units/{id}/desired")
class DesiredController {

    private final Wishes wishes;

    DesiredController(Wishes wishes) {
        this.wishes = wishes;
    }

    @GetMapping
    Desired desired(@PathVariable UnitId id) {
        return wishes.find(id);
    }

    @PutMapping
    Desired wish(@PathVariable UnitId id, @RequestBody DesiredWish wish) {
        return wishes.wish(id, wish);
    }
}
