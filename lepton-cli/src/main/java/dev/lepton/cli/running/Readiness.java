package dev.lepton.cli.running;

import dev.lepton.cli.home.Home;
import dev.lepton.cli.home.SupervisorNote;
import dev.lepton.cli.outcome.CommandFailed;
import dev.lepton.cli.running.Surroundings.Stopwatch;
import dev.lepton.cli.supervisor.SupervisorApi;
import dev.lepton.cli.supervisor.UnitRow;
import dev.lepton.cli.terminal.Terminal;
import dev.lepton.client.unit.UnitState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Waits until all units of a supervisor that was just started serve, and says what it waits for.
 */
final class Readiness {

    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final Duration SILENT = Duration.ofSeconds(10);

    /** How long a unit may lag behind the supervisor's own word that all is ready. */
    private static final Duration GRACE = Duration.ofSeconds(15);

    private final Surroundings around;
    private final Terminal terminal;
    private final Duration limit;

    Readiness(Surroundings around, Terminal terminal, Duration limit) {
        this.around = around;
        this.terminal = terminal;
        this.limit = limit;
    }

    /**
     * @return what there is when all units serve, when one was given up, or when the limit is
     *     reached
     * @throws CommandFailed when the supervisor ends meanwhile
     */
    Picture await(SupervisorProcess supervisor, Home home) {
        Stopwatch watch = around.stopwatch();
        Stopwatch readyFor = null;
        Stopwatch saidBefore = watch;
        String said = "";
        try (Connection connection = new Connection(supervisor, home)) {
            while (true) {
                if (!supervisor.isAlive()) {
                    throw supervisor.died(terminal);
                }
                Picture picture = connection.look();
                readyFor =
                        !picture.ready() ? null : readyFor == null ? around.stopwatch() : readyFor;
                boolean lagging = readyFor != null && readyFor.isPast(GRACE);
                if (picture.isFinal(lagging) || watch.isPast(limit)) {
                    return picture;
                }
                String now = picture.waitsFor();
                if (!now.equals(said) || saidBefore.isPast(SILENT)) {
                    terminal.progress(watch.shown() + "  " + now);
                    said = now;
                    saidBefore = around.stopwatch();
                }
                around.pause(PAUSE);
            }
        }
    }

    /**
     * @param ready whether the supervisor has said that every unit that is wanted is ready
     */
    record Picture(boolean ready, List<UnitRow> units) {

        static final Picture NONE = new Picture(false, List.of());

        boolean isFinal(boolean lagging) {
            boolean givenUp = units.stream().anyMatch(u -> u.state() == UnitState.QUARANTINED);
            return givenUp || (ready && (lagging || units.stream().allMatch(UnitRow::isSettled)));
        }

        String waitsFor() {
            if (units.isEmpty()) {
                return "waiting for the supervisor";
            }
            String names =
                    units.stream()
                            .filter(unit -> !unit.isSettled() || unit.pid() == null)
                            .map(unit -> unit.id() + " (" + unit.state() + ")")
                            .collect(Collectors.joining(", "));
            return "waiting for " + (names.isEmpty() ? "the last checks" : names);
        }
    }

    /** Asks the supervisor as soon as it has said where it answers. */
    private static final class Connection implements AutoCloseable {

        private final SupervisorProcess supervisor;
        private final Home home;
        private @Nullable SupervisorApi api;

        private Connection(SupervisorProcess supervisor, Home home) {
            this.supervisor = supervisor;
            this.home = home;
        }

        Picture look() {
            try {
                SupervisorApi known = api();
                return known == null
                        ? Picture.NONE
                        : new Picture(known.node().ready(), known.units());
            } catch (CommandFailed e) {
                // It is still being started; its death would be noticed, and the time is limited.
                return Picture.NONE;
            }
        }

        private @Nullable SupervisorApi api() {
            if (api == null) {
                Optional<SupervisorNote> note =
                        SupervisorNote.read(home).filter(n -> n.pid() == supervisor.pid());
                api = note.map(n -> new SupervisorApi(n.url(), home)).orElse(null);
            }
            return api;
        }

        @Override
        public void close() {
            if (api != null) {
                api.close();
            }
        }
    }
}
