package dev.lepton.registry.watch;

import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitView;
import dev.lepton.client.watch.Change;
import dev.lepton.client.watch.FleetList;
import dev.lepton.registry.watch.Session.SeenBookmark;
import dev.lepton.registry.watch.Session.SeenChange;
import dev.lepton.registry.watch.Session.SeenGone;
import dev.lepton.registry.watch.Session.SeenList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The promises of a watch, each as a function from what a client saw, and the change log as it is
 * stored, to the ways in which the promise was broken.
 */
public final class WatchValidators {

    private WatchValidators() {}

    /** All promises over all sessions, by the promise's name; empty when all were kept. */
    public static Map<String, List<String>> violations(List<Session> sessions, List<Change> log) {
        Map<String, BiFunction<Session, List<Change>, List<String>>> promises =
                Map.of(
                        "ordered", (s, l) -> ordered(s),
                        "unique", (s, l) -> unique(s),
                        "gap-free", (s, l) -> gapFree(s),
                        "reliable", WatchValidators::reliable,
                        "resumable", WatchValidators::resumable,
                        "bookmarkable", WatchValidators::bookmarkable,
                        "atomic", WatchValidators::atomic);
        Map<String, List<String>> broken = new HashMap<>();
        promises.forEach((name, promise) -> {
            List<String> found =
                    sessions.stream().flatMap(s -> promise.apply(s, log).stream()).toList();
            if (!found.isEmpty()) {
                broken.put(name, found);
            }
        });
        List<String> gaps = logGapFree(log);
        if (!gaps.isEmpty()) {
            broken.put("log gap-free", gaps);
        }
        return broken;
    }

    /** Changes come in the order of their revisions. */
    static List<String> ordered(Session session) {
        List<String> broken = new ArrayList<>();
        long last = Long.MIN_VALUE;
        for (SeenChange seen : session.changes()) {
            if (seen.revision() < last) {
                broken.add("%s: %d after %d".formatted(session, seen.revision(), last));
            }
            last = seen.revision();
        }
        return broken;
    }

    /** No change comes twice. */
    static List<String> unique(Session session) {
        Set<Long> known = new HashSet<>();
        return session.changes().stream()
                .filter(seen -> !known.add(seen.revision()))
                .map(seen -> "%s: %d again".formatted(session, seen.revision()))
                .toList();
    }

    /** Each change has the revision after the one before, the first that after the start. */
    static List<String> gapFree(Session session) {
        List<String> broken = new ArrayList<>();
        Long last = session.start();
        for (SeenChange seen : session.changes()) {
            if (last == null || seen.revision() != last + 1) {
                broken.add("%s: %d after %d".formatted(session, seen.revision(), last));
            }
            last = seen.revision();
        }
        return broken;
    }

    /**
     * Every change between the start and the furthest position was seen, as it is stored, and none
     * that is not stored. A session is told that it is gone only when what follows is not stored.
     */
    static List<String> reliable(Session session, List<Change> log) {
        List<String> broken = new ArrayList<>();
        Map<Long, Change> seen =
                session.changes().stream()
                        .collect(
                                Collectors.toMap(
                                        SeenChange::revision, SeenChange::change, (a, b) -> a));
        Long start = session.start();
        long end = session.end();
        Set<Long> stored = new HashSet<>();
        for (Change change : log) {
            long revision = change.revision();
            stored.add(revision);
            boolean due = start != null && revision > start && revision <= end;
            if (due && !seen.containsKey(revision)) {
                broken.add("%s: %d was missed".formatted(session, revision));
            } else if (seen.containsKey(revision) && !change.equals(seen.get(revision))) {
                broken.add("%s: %d is not as stored".formatted(session, revision));
            }
        }
        boolean gone = session.seen().stream().anyMatch(SeenGone.class::isInstance);
        if (gone && stored.stream().anyMatch(revision -> revision > end)) {
            broken.add("%s: gone after %d, but more is stored".formatted(session, end));
        }
        seen.keySet().stream()
                .filter(revision -> !stored.contains(revision))
                .forEach(r -> broken.add("%s: %d was never stored".formatted(session, r)));
        return broken;
    }

    /** A request with {@code since} begins with the first change stored after it. */
    static List<String> resumable(Session session, List<Change> log) {
        if (session.since() == null || session.changes().isEmpty()) {
            return List.of();
        }
        long first = session.changes().getFirst().revision();
        return log.stream()
                .map(Change::revision)
                .filter(revision -> revision > session.since())
                .min(Long::compare)
                .filter(due -> due != first)
                .map(due -> "%s: began with %d instead of %d".formatted(session, first, due))
                .stream()
                .toList();
    }

    /** At a bookmark all changes up to it have been seen, and none of them comes after it. */
    static List<String> bookmarkable(Session session, List<Change> log) {
        List<String> broken = new ArrayList<>();
        Set<Long> seen = new HashSet<>();
        Long start = session.start();
        long bookmark = Long.MIN_VALUE;
        for (Session.Seen one : session.seen()) {
            if (one instanceof SeenChange(var revision, var change)) {
                seen.add(revision);
                if (revision <= bookmark) {
                    broken.add("%s: %d after bookmark %d".formatted(session, revision, bookmark));
                }
            } else if (one instanceof SeenBookmark(var revision, var ageMillis)) {
                bookmark = Math.max(bookmark, revision);
                for (Change change : log) {
                    if (start != null
                            && change.revision() > start
                            && change.revision() <= revision
                            && !seen.contains(change.revision())) {
                        broken.add(
                                "%s: bookmark %d before %d"
                                        .formatted(session, revision, change.revision()));
                    }
                }
            }
        }
        return broken;
    }

    /** A list is the fleet as the stored changes up to its revision make it. */
    static List<String> atomic(Session session, List<Change> log) {
        List<String> broken = new ArrayList<>();
        for (Session.Seen one : session.seen()) {
            if (one instanceof SeenList(var revision, var list)
                    && !units(list).equals(unitsAt(revision, log))) {
                broken.add("%s: the list is not that of %d".formatted(session, revision));
            }
        }
        return broken;
    }

    /** The stored revisions are 1, 2, 3 … */
    static List<String> logGapFree(List<Change> log) {
        List<String> broken = new ArrayList<>();
        long last = 0;
        for (Change change : log) {
            if (change.revision() != last + 1) {
                broken.add("%d is stored after %d".formatted(change.revision(), last));
            }
            last = change.revision();
        }
        return broken;
    }

    private static Map<UnitId, UnitView> units(FleetList list) {
        return list.units().stream()
                .collect(Collectors.toMap(UnitView::unitId, Function.identity()));
    }

    private static Map<UnitId, UnitView> unitsAt(long revision, List<Change> log) {
        Map<UnitId, UnitView> units = new HashMap<>();
        for (Change change : log) {
            if (change.revision() > revision) {
                break;
            }
            if (change.forgotten()) {
                units.remove(change.unitId());
            } else if (change.unit() != null) {
                units.put(change.unitId(), change.unit());
            }
        }
        return units;
    }
}
