package dev.lepton.platform.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.platform.load.KeepAliveClient;
import dev.lepton.platform.load.LoadReport;
import dev.lepton.platform.load.MachinePressure;
import dev.lepton.platform.load.OpenLoop;
import dev.lepton.platform.load.Sample;
import dev.lepton.platform.running.Bounds;
import dev.lepton.platform.running.Platform;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * One fault under a steady open-loop load of GETs. A trial is worth nothing, and is run again, when
 * the generator itself was late, when anything failed before the fault, or when too little was
 * sent; it is never averaged with another. After each, registry, supervisor and gateway must agree.
 */
final class Trial {

    /** What is done to the platform while the load runs. */
    @FunctionalInterface
    interface Fault {
        void happen(Trial trial) throws Exception;
    }

    /** What a trial begins with. */
    @FunctionalInterface
    interface Preparation {
        void make() throws Exception;
    }

    private static final int PER_SECOND = 200;
    static final int ATTEMPTS = 3;
    private static final Duration BEFORE =
            Bounds.length(Duration.ofSeconds(10), Duration.ofSeconds(3));
    private static final Duration WHOLE =
            Bounds.length(Duration.ofSeconds(30), Duration.ofSeconds(8));
    private static final double TOLERATED_LAG_MILLIS = Bounds.ENDURANCE ? 10 : 50;
    private static final Duration AGREEMENT = Duration.ofSeconds(5);

    private final Platform platform;
    private final OpenLoop load;
    private final long startedAt = System.nanoTime();
    private long faultAt;
    private Duration outOfRouting = Duration.ZERO;

    private Trial(Platform platform, OpenLoop load) {
        this.platform = platform;
        this.load = load;
    }

    /**
     * The result of a trial: everything that was sent, and when the fault was done.
     *
     * @param outOfRouting how long after the fault the gateway left the struck unit alone, zero
     *     when the trial did not ask
     */
    record Result(LoadReport report, long faultAt, Duration outOfRouting) {

        /** How long after the fault a later start of the unit first answered. */
        Duration servingAgainAfterFault(String unit) {
            long struck =
                    answered()
                            .filter(s -> s.doneNanos() - faultAt < 0)
                            .map(Greeting::of)
                            .filter(g -> g.unit().equals(unit))
                            .mapToLong(Greeting::incarnation)
                            .max()
                            .orElseThrow();
            return answered()
                    .filter(s ->
                            Greeting.of(s).unit().equals(unit)
                                    && Greeting.of(s).incarnation() > struck)
                    .findFirst()
                    .map(s -> Duration.ofNanos(s.doneNanos() - faultAt))
                    .orElseThrow(
                            () -> new AssertionError(unit + " never answered after the fault"));
        }

        private Stream<Sample> answered() {
            return report.samples().stream().filter(s -> s.by() != null);
        }

        Duration slowest() {
            return Duration.ofNanos((long) (report.latencyMillis(1) * 1e6));
        }

        void nothingFailed() {
            assertThat(report.failures()).as("failed requests").isEmpty();
        }

        /**
         * The fault cost half of the requests next to nothing. (The upper percentiles of a machine
         * that is shared tell more of its other guests.)
         */
        void medianIsThatOf(Result control) {
            double added = report.latencyMillis(0.5) - control.report.latencyMillis(0.5);
            Bounds.holds(
                    "median above that of the control run",
                    Duration.ofNanos((long) (Math.max(0, added) * 1e6)),
                    Duration.ofMillis(5));
        }
    }

    static Result run(Platform platform, String name, Fault fault) throws Exception {
        return run(platform, name, platform::awaitReady, fault);
    }

    /**
     * @param preparation what each attempt begins with, instead of a platform that is ready
     */
    static Result run(Platform platform, String name, Preparation preparation, Fault fault)
            throws Exception {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            preparation.make();
            Optional<Result> valid = once(platform, name, fault);
            if (valid.isPresent()) {
                Bounds.holds("until all parts agreed", platform.untilAgreement(), AGREEMENT);
                return valid.get();
            }
        }
        throw new AssertionError(name + ": no valid trial in " + ATTEMPTS);
    }

    private static Optional<Result> once(Platform platform, String name, Fault fault)
            throws Exception {
        MachinePressure before = MachinePressure.now();
        try (KeepAliveClient client = platform.client();
                OpenLoop load = OpenLoop.start(PER_SECOND, () -> Greeting.ask(client).text())) {
            Trial trial = new Trial(platform, load);
            Trial.pause(BEFORE);
            trial.faultAt = System.nanoTime();
            fault.happen(trial);
            Trial.pause(WHOLE.minusNanos(System.nanoTime() - trial.startedAt));
            Result result = new Result(load.stop(), trial.faultAt, trial.outOfRouting);
            System.out.println(name + ": " + result.report());
            System.out.println("  the machine: " + MachinePressure.now().since(before));
            String flaw = flaw(result.report(), trial.startedAt, trial.faultAt, PER_SECOND);
            if (flaw.isEmpty()) {
                return Optional.of(result);
            }
            System.out.println("  this trial is invalid: " + flaw);
            return Optional.empty();
        }
    }

    /** Why a load proves nothing of the fault in its midst; empty when it does. */
    static String flaw(LoadReport load, long startedAt, long faultAt, int perSecond) {
        LoadReport before = load.between(startedAt, faultAt);
        double planned = (double) (faultAt - startedAt) / 1e9 * perSecond;
        long failed = before.failures().stream().filter(s -> s.doneNanos() - faultAt < 0).count();
        if (failed > 0) {
            return failed + " requests failed before the fault";
        }
        if (before.samples().size() < planned * 0.95 - 1) {
            return "%d requests sent before the fault instead of %.0f"
                    .formatted(before.samples().size(), planned);
        }
        if (load.lagMillis(0.99) > TOLERATED_LAG_MILLIS) {
            return "the generator was late by %.1f ms at p99".formatted(load.lagMillis(0.99));
        }
        return "";
    }

    /** Takes the present moment for that of the fault, when what led to it took time. */
    void faultIsNow() {
        faultAt = System.nanoTime();
    }

    /** Asks the gateway itself until it no longer sends the unit ordinary requests. */
    void awaitOutOfRouting(String unit, Duration limit) {
        platform.awaitWithin(limit, Duration.ofMillis(10), () -> !platform.isRoutedTo(unit));
        outOfRouting = Bounds.since(faultAt);
    }

    void awaitServingAgain(String unit, Duration limit) {
        awaitSample(limit, s -> s.by() != null && Greeting.of(s).unit().equals(unit));
    }

    private void awaitSample(Duration limit, Predicate<Sample> wanted) {
        long from = System.nanoTime();
        platform.awaitWithin(
                limit,
                () -> {
                    List<Sample> samples = load.samples();
                    return samples.stream()
                            .anyMatch(s -> s.sentNanos() - from > 0 && wanted.test(s));
                });
    }

    /** Lets the load go on; the length of a measurement, not a wait for anything. */
    static void pause(Duration length) {
        long end = System.nanoTime() + length.toNanos();
        for (long left = length.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
