package dev.lepton.registry.events;

import dev.lepton.client.watch.Change;
import dev.lepton.client.watch.Position;
import dev.lepton.registry.changelog.InvalidPosition;
import dev.lepton.registry.changelog.PositionGone;
import dev.lepton.registry.fleet.FleetView;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Limit;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code GET /v1/events}. */
@RestController
class EventsController {

    private final LoggedEvents events;
    private final FleetView fleet;

    EventsController(LoggedEvents events, FleetView fleet) {
        this.events = events;
        this.fleet = fleet;
    }

    /**
     * What changed after a position, oldest first.
     *
     * @param since the last position seen; without it the page begins with the oldest event kept
     * @param limit how many events at most
     */
    @GetMapping("/v1/events")
    EventPage events(
            @RequestParam(name = "since", required = false) @Nullable String since,
            @RequestParam(name = "limit", defaultValue = "100") @Min(1) @Max(1000) int limit) {
        Position known = fleet.position();
        if (since == null) {
            return oldest(known.clusterId(), limit);
        }
        Position asked = InvalidPosition.parse(since);
        if (!asked.clusterId().equals(known.clusterId())) {
            throw PositionGone.foreign(asked, known);
        }
        EventPage page = page(asked, limit);
        // The floor is read last: what was below it while the page was read may lack changes.
        if (asked.revision() < events.floor() || !follows(page, asked, known)) {
            throw PositionGone.compacted(asked);
        }
        return page;
    }

    private EventPage oldest(String clusterId, int limit) {
        long floor;
        EventPage page;
        do {
            floor = events.floor();
            page = page(new Position(clusterId, floor), limit);
        } while (floor != events.floor());
        return page;
    }

    private static boolean follows(EventPage page, Position asked, Position known) {
        return page.events().isEmpty()
                ? known.revision() <= asked.revision()
                : page.events().getFirst().revision() == asked.revision() + 1;
    }

    private EventPage page(Position after, int limit) {
        List<Change> changes =
                events
                        .findByRevisionGreaterThanOrderByRevision(after.revision(), Limit.of(limit))
                        .stream()
                        .map(event -> event.change().view())
                        .toList();
        long last = changes.isEmpty() ? after.revision() : changes.getLast().revision();
        return new EventPage(changes, new Position(after.clusterId(), last));
    }
}
