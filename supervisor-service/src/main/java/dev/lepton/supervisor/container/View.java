package dev.lepton.supervisor.container;

import dev.lepton.client.unit.UnitId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All containers of units as they were seen last.
 *
 * @param unknown the ids of those that the engine says nothing of, though it answers
 * @param away why nothing is known of any now, empty when it is known
 */
record View(Collection<Seen> containers, Set<String> unknown, String away) {

    View {
        containers = List.copyOf(containers);
        unknown = Set.copyOf(unknown);
    }

    View(Collection<Seen> containers, String away) {
        this(containers, Set.of(), away);
    }

    /** Whether what was seen of a container last is still so, as far as can be told. */
    boolean knows(String id) {
        return away.isEmpty() && !unknown.contains(id);
    }

    /** The engine answers no more: what was seen is kept, and counts for nothing new. */
    View away(String why) {
        return new View(containers, unknown, why);
    }

    List<Seen> of(UnitId unit) {
        return containers.stream().filter(each -> each.unit().equals(unit)).toList();
    }

    /** With what is known of one container now; null when it is gone. */
    View with(String id, @Nullable Seen now) {
        Set<String> unknownOthers = new HashSet<>(unknown);
        unknownOthers.remove(id);
        List<Seen> others = new ArrayList<>(containers);
        others.removeIf(each -> each.id().equals(id));
        if (now != null) {
            others.add(now);
        }
        return new View(others, unknownOthers, away);
    }
}
