package dev.lepton.supervisor.container;

import dev.lepton.client.unit.UnitId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All containers of units as they were seen last.
 *
 * @param away why nothing is known of them now, empty when it is known
 */
record View(Collection<Seen> containers, String away) {

    View {
        containers = List.copyOf(containers);
    }

    /** The engine answers no more: what was seen is kept, and counts for nothing new. */
    View away(String why) {
        return new View(containers, why);
    }

    List<Seen> of(UnitId unit) {
        return containers.stream().filter(each -> each.unit().equals(unit)).toList();
    }

    /** With what is known of one container now; null when it is gone. */
    View with(String id, @Nullable Seen now) {
        List<Seen> others = new ArrayList<>(containers);
        others.removeIf(each -> each.id().equals(id));
        if (now != null) {
            others.add(now);
        }
        return new View(others, away);
    }
}
