package dev.lepton.registry.lifecycle;

import dev.lepton.registry.lifecycle.Outcome.Move;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The table of moves as people agreed on it, and the page of the documentation that shows it. */
final class TableOfMoves {

    private static final String TABLE =
            """
            REGISTERED: STARTING DRAINING QUARANTINED PROBATION STOPPED -> STARTING REGISTERED; UP SUSPECT DOWN_SILENT DOWN_HUNG DOWN_EXITED RESTARTING RECOVERING -> RECOVERING REGISTERED
            GOOD_BEAT: STARTING -> UP STARTED; RECOVERING -> UP RECOVERED; SUSPECT -> UP BEATS_AGAIN; DOWN_SILENT DOWN_HUNG -> UP RETURNED; UP DRAINING stay; DOWN_EXITED RESTARTING QUARANTINED PROBATION STOPPED refuse
            LATE_BEAT: SUSPECT -> UP BEATS_AGAIN; STARTING UP DRAINING DOWN_SILENT DOWN_HUNG RECOVERING stay; DOWN_EXITED RESTARTING QUARANTINED PROBATION STOPPED refuse
            HELD_OUT: STARTING -> STARTING HELD_OUT; RECOVERING -> RECOVERING HELD_OUT; DOWN_SILENT -> DOWN_SILENT HELD_OUT; DOWN_HUNG -> DOWN_HUNG HELD_OUT; UP SUSPECT DRAINING stay; DOWN_EXITED RESTARTING QUARANTINED PROBATION STOPPED refuse
            HUNG: UP SUSPECT DOWN_SILENT -> DOWN_HUNG HUNG; STARTING DRAINING DOWN_HUNG RECOVERING stay; DOWN_EXITED RESTARTING QUARANTINED PROBATION STOPPED refuse
            SILENT: UP -> SUSPECT SUSPECTED; STARTING SUSPECT DRAINING DOWN_SILENT DOWN_HUNG DOWN_EXITED RESTARTING RECOVERING QUARANTINED PROBATION STOPPED stay
            LEASE_EXPIRED: SUSPECT -> DOWN_SILENT LEASE_EXPIRED; DRAINING -> STOPPED DRAIN_ENDED; UP refuse; STARTING DOWN_SILENT DOWN_HUNG DOWN_EXITED RESTARTING RECOVERING QUARANTINED PROBATION STOPPED stay
            LEASE_PRESERVED: SUSPECT -> SUSPECT PRESERVING; UP refuse; STARTING DRAINING DOWN_SILENT DOWN_HUNG DOWN_EXITED RESTARTING RECOVERING QUARANTINED PROBATION STOPPED stay
            PROBE_FAILED: SUSPECT -> DOWN_SILENT PROBE_FAILED; STARTING UP DRAINING DOWN_SILENT DOWN_HUNG DOWN_EXITED RESTARTING RECOVERING QUARANTINED PROBATION STOPPED stay
            START_DEADLINE_PASSED: STARTING RECOVERING -> DOWN_HUNG START_DEADLINE; RESTARTING -> DOWN_EXITED START_DEADLINE; PROBATION -> QUARANTINED START_DEADLINE; UP SUSPECT DRAINING DOWN_SILENT DOWN_HUNG DOWN_EXITED QUARANTINED STOPPED stay
            EXITED: STARTING UP SUSPECT DOWN_SILENT DOWN_HUNG RECOVERING -> DOWN_EXITED EXITED; DRAINING -> STOPPED EXITED; DOWN_EXITED RESTARTING QUARANTINED PROBATION STOPPED stay
            STOPPED_AS_ASKED: STARTING UP SUSPECT DRAINING DOWN_SILENT DOWN_HUNG RECOVERING -> STOPPED STOPPED; DOWN_EXITED RESTARTING QUARANTINED PROBATION STOPPED stay
            DEREGISTERED: STARTING UP SUSPECT DRAINING DOWN_SILENT DOWN_HUNG RECOVERING -> STOPPED DEREGISTERED; DOWN_EXITED RESTARTING QUARANTINED PROBATION STOPPED stay
            DRAIN_ASKED: UP SUSPECT -> DRAINING DRAIN; DRAINING stay; STARTING DOWN_SILENT DOWN_HUNG DOWN_EXITED RESTARTING RECOVERING QUARANTINED PROBATION STOPPED refuse
            UNDRAIN_ASKED: DRAINING -> UP UNDRAIN; UP SUSPECT stay; STARTING DOWN_SILENT DOWN_HUNG DOWN_EXITED RESTARTING RECOVERING QUARANTINED PROBATION STOPPED refuse
            RESTART_BEGUN: DOWN_SILENT DOWN_HUNG DOWN_EXITED -> RESTARTING RESTARTING; RESTARTING PROBATION stay; STARTING UP SUSPECT DRAINING RECOVERING QUARANTINED STOPPED refuse
            BUDGET_SPENT: DOWN_SILENT DOWN_HUNG DOWN_EXITED RESTARTING PROBATION -> QUARANTINED QUARANTINED; QUARANTINED stay; STARTING UP SUSPECT DRAINING RECOVERING STOPPED refuse
            PROBATION_GRANTED: QUARANTINED -> PROBATION PROBATION; PROBATION stay; STARTING UP SUSPECT DRAINING DOWN_SILENT DOWN_HUNG DOWN_EXITED RESTARTING RECOVERING STOPPED refuse
            REMOVED: STARTING DOWN_SILENT DOWN_HUNG DOWN_EXITED RESTARTING RECOVERING QUARANTINED PROBATION STOPPED forget REMOVED; UP SUSPECT DRAINING refuse
            FORGET_DUE: DOWN_SILENT DOWN_HUNG DOWN_EXITED STOPPED forget FORGOTTEN; STARTING UP SUSPECT DRAINING RESTARTING RECOVERING QUARANTINED PROBATION refuse
            """;

    /** A pair of the table, and what it says: the outcome without the words of a refusal. */
    record Cell(Phase phase, Event event, String outcome) {}

    private TableOfMoves() {}

    static List<Cell> cells() {
        return TABLE.lines().flatMap(line -> cells(line).stream()).toList();
    }

    private static List<Cell> cells(String line) {
        Event event = Event.valueOf(line.substring(0, line.indexOf(':')));
        return Arrays.stream(line.substring(line.indexOf(':') + 1).split(";"))
                .map(String::strip)
                .flatMap(clause -> clause(event, clause).stream())
                .toList();
    }

    private static List<Cell> clause(Event event, String clause) {
        List<String> words = Arrays.asList(clause.split(" "));
        int verb = (int) words.stream().takeWhile(w -> !w.matches("->|stay|refuse|forget")).count();
        String outcome = String.join(" ", words.subList(verb, words.size()));
        return words.subList(0, verb).stream()
                .map(phase -> new Cell(Phase.valueOf(phase), event, outcome))
                .toList();
    }

    static String said(Outcome outcome) {
        return switch (outcome) {
            case Move(Phase to, MoveKind kind) -> "-> " + to + " " + kind;
            case Outcome.Forget(MoveKind kind) -> "forget " + kind;
            case Outcome.Stay() -> "stay";
            case Outcome.Refuse(String _) -> "refuse";
        };
    }

    /** The page {@code docs/lifecycle.md}, from the function itself. */
    static String page() {
        String rows =
                Arrays.stream(Event.values()).map(TableOfMoves::row).collect(Collectors.joining());
        return """
        # The lifecycle of a unit

        Every move of a unit, as the registry decides it. Printed by `LifecycleTests` from `Lifecycle.next`; do not edit.

        `DOWN_SILENT`, `DOWN_HUNG` and `DOWN_EXITED` are shown to everyone as `DOWN`, `RESTARTING` as `RECOVERING`, `PROBATION` as `STARTING`. The word in brackets is the event in the change log.
        A unit that was never seen, or is forgotten, enters `STARTING` when a start of it is admitted.

        | What happens | Moves | Nothing changes in | Refused in |
        | --- | --- | --- | --- |
        """
                + rows;
    }

    private static String row(Event event) {
        Map<String, List<Phase>> moves = new LinkedHashMap<>();
        Map<Class<?>, Set<Phase>> others = new LinkedHashMap<>();
        for (Map.Entry<Phase, Outcome> entry : outcomes(event).entrySet()) {
            switch (entry.getValue()) {
                case Move(Phase to, MoveKind kind) ->
                        moves.computeIfAbsent(
                                        "`%s` (%s)".formatted(to, kind.word()),
                                        _ -> new ArrayList<>())
                                .add(entry.getKey());
                case Outcome.Forget(MoveKind kind) ->
                        moves.computeIfAbsent(
                                        "out of the lists (%s)".formatted(kind.word()),
                                        _ -> new ArrayList<>())
                                .add(entry.getKey());
                case Outcome.Stay stay ->
                        others.computeIfAbsent(stay.getClass(), _ -> new TreeSet<>())
                                .add(entry.getKey());
                case Outcome.Refuse refuse ->
                        others.computeIfAbsent(refuse.getClass(), _ -> new TreeSet<>())
                                .add(entry.getKey());
            }
        }
        String moved =
                moves.entrySet().stream()
                        .map(e -> listed(e.getValue()) + " → " + e.getKey())
                        .collect(Collectors.joining("<br>"));
        return "| %s | %s | %s | %s |\n"
                .formatted(
                        event.words(),
                        moved,
                        listed(others.getOrDefault(Outcome.Stay.class, Set.of())),
                        listed(others.getOrDefault(Outcome.Refuse.class, Set.of())));
    }

    private static Map<Phase, Outcome> outcomes(Event event) {
        return Arrays.stream(Phase.values())
                .collect(
                        Collectors.toMap(
                                Function.identity(),
                                phase -> Lifecycle.next(phase, event),
                                (a, _) -> a,
                                () -> new EnumMap<>(Phase.class)));
    }

    private static String listed(Collection<Phase> phases) {
        return phases.stream().map(p -> "`" + p + "`").collect(Collectors.joining(", "));
    }
}
