package dev.lepton.platform.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.platform.load.AnswerBrokeOff;
import dev.lepton.platform.load.LoadReport;
import dev.lepton.platform.load.MachinePressure;
import dev.lepton.platform.load.OpenLoop;
import dev.lepton.platform.load.Sample;
import dev.lepton.platform.running.Bounds;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One fault under a steady open-loop load of GETs and of POSTs, each an order with an id of its
 * own, through two gateways. What makes a {@link Trial} worth nothing makes this one so.
 */
final class OrdersTrial {

    /** What is done to the platform while the load runs. */
    @FunctionalInterface
    interface Fault {
        void happen(OrdersTrial trial) throws Exception;
    }

    private static final int GETS_PER_SECOND = 200;
    private static final int POSTS_PER_SECOND = 20;

    private static final Duration BEFORE =
            Bounds.length(Duration.ofSeconds(10), Duration.ofSeconds(1));
    private static final Duration WHOLE =
            Bounds.length(Duration.ofSeconds(30), Duration.ofSeconds(4));
    private static final Duration LIMIT = Duration.ofSeconds(90);
    private final TwoGateways system;
    private final OpenLoop gets;
    private final long startedAt = System.nanoTime();
    private long faultAt;
    private @Nullable Long leftAloneAt;
    private @Nullable Long overAt;

    private OrdersTrial(TwoGateways system, OpenLoop gets) {
        this.system = system;
        this.gets = gets;
    }

    /**
     * What came of a trial.
     *
     * @param taken how often units have taken each order
     * @param leftAloneAt when no gateway sent the struck unit anything any more
     * @param overAt when the fault was over; the end of the trial when it was not said
     */
    record Result(
            LoadReport gets,
            LoadReport posts,
            Map<String, Long> taken,
            long faultAt,
            long leftAloneAt,
            long overAt) {

        /** GETs that failed although no byte of an answer had come. */
        List<Sample> failedGets() {
            return gets.failures().stream()
                    .filter(s -> !(s.failure() instanceof AnswerBrokeOff))
                    .toList();
        }

        void noGetFailed() {
            assertThat(failedGets()).as("GETs that failed before an answer began").isEmpty();
        }

        void nothingFailed() {
            assertThat(gets.failures()).as("failed GETs").isEmpty();
            assertThat(posts.failures()).as("failed POSTs").isEmpty();
        }

        /** No order was sent twice, and what was answered was done. */
        void noOrderWasTakenTwice() {
            assertThat(taken.entrySet().stream().filter(order -> order.getValue() > 1))
                    .as("orders that were taken more than once")
                    .isEmpty();
            assertThat(posts.samples().stream().map(Sample::by).filter(Objects::nonNull))
                    .as("orders that were answered")
                    .isNotEmpty()
                    .allMatch(taken::containsKey);
        }

        /** Only what the struck unit had, or got before it was left alone, and said so. */
        void lostOrdersWereWithTheUnit() {
            assertThat(posts.failures())
                    .as("lost orders")
                    .allMatch(s -> saysThatItWasSent(s) && s.sentNanos() - leftAloneAt < 0);
        }

        private static boolean saysThatItWasSent(Sample lost) {
            String why = String.valueOf(lost.failure());
            return why.contains("502 ") && why.contains("\"code\":\"sent-and-failed\"");
        }

        /** Nothing failed that was sent after the moment. */
        void whatFailedWasInFlightAt(long nanos) {
            assertThat(gets.failures()).allMatch(s -> s.sentNanos() - nanos < 0);
            assertThat(posts.failures()).allMatch(s -> s.sentNanos() - nanos < 0);
        }

        /** The answers that did not begin and then take their time, from the fault to its end. */
        private LoadReport greetingsMeanwhile() {
            return new LoadReport(
                    gets.between(faultAt, overAt).samples().stream()
                            .filter(s -> !(s.failure() instanceof AnswerBrokeOff))
                            .filter(s ->
                                    s.by() == null || Reading.of(s).kind() == Reading.Kind.GREETING)
                            .toList());
        }

        void slowestOfAThousandGetsMeanwhile(Duration bound) {
            Bounds.holds(
                    "p99.9 of the GETs meanwhile",
                    Duration.ofNanos((long) (greetingsMeanwhile().latencyMillis(0.999) * 1e6)),
                    bound);
        }

        double shareOf(String unit) {
            List<Sample> meanwhile = gets.between(faultAt, overAt).samples();
            return (double) readings(meanwhile).filter(r -> r.unit().equals(unit)).count()
                    / meanwhile.size();
        }

        /** What the first unit that was asked did not answer. */
        long getsSentAgain() {
            return readings(gets.samples()).filter(r -> r.asked() > 1).count();
        }

        private static Stream<Reading> readings(List<Sample> samples) {
            return samples.stream().filter(s -> s.by() != null).map(Reading::of);
        }

        @Override
        public String toString() {
            return """
            GETs: %s
              GETs whose answer broke off after it had begun: %d; sent to a second unit: %d
              POSTs: %s
              the fault lasted %d ms\
            """
                    .formatted(
                            gets,
                            gets.failures().size() - failedGets().size(),
                            getsSentAgain(),
                            posts,
                            Duration.ofNanos(overAt - faultAt).toMillis());
        }
    }

    /** Runs a trial until it is valid; each must keep what no trial may break. */
    static Result run(TwoGateways system, String name, Fault fault) throws Exception {
        for (int attempt = 1; attempt <= Trial.ATTEMPTS; attempt++) {
            system.awaitReady();
            Optional<Result> valid = once(system, name, fault);
            if (valid.isPresent()) {
                return valid.get();
            }
        }
        throw new AssertionError(name + ": no valid trial in " + Trial.ATTEMPTS);
    }

    private static Optional<Result> once(TwoGateways system, String name, Fault fault)
            throws Exception {
        MachinePressure before = MachinePressure.now();
        system.book().clear();
        try (OrderClient client = new OrderClient(system.client());
                OpenLoop gets = OpenLoop.start(GETS_PER_SECOND, () -> client.read().text());
                OpenLoop posts = OpenLoop.start(POSTS_PER_SECOND, client::order)) {
            OrdersTrial trial = new OrdersTrial(system, gets);
            Trial.pause(BEFORE);
            trial.faultIsNow();
            fault.happen(trial);
            Trial.pause(WHOLE.minusNanos(System.nanoTime() - trial.startedAt));
            Result result = trial.result(gets.stop(), posts.stop());
            System.out.println(name + ", two gateways: " + result);
            System.out.println("  the machine: " + MachinePressure.now().since(before));
            // Whatever the machine did meanwhile.
            result.noOrderWasTakenTwice();
            String flaw = trial.flaw(result);
            if (flaw.isEmpty()) {
                return Optional.of(result);
            }
            System.out.println("  this trial is invalid: " + flaw);
            return Optional.empty();
        }
    }

    private Result result(LoadReport gets, LoadReport posts) throws IOException {
        long end = System.nanoTime();
        return new Result(
                gets,
                posts,
                system.book().taken(),
                faultAt,
                Objects.requireNonNullElse(leftAloneAt, end),
                Objects.requireNonNullElse(overAt, end));
    }

    private String flaw(Result result) {
        String ofGets = Trial.flaw(result.gets(), startedAt, faultAt, GETS_PER_SECOND);
        return ofGets.isEmpty()
                ? Trial.flaw(result.posts(), startedAt, faultAt, POSTS_PER_SECOND)
                : ofGets;
    }

    /** Takes the present moment for that of the fault, when what led to it took time. */
    void faultIsNow() {
        faultAt = System.nanoTime();
    }

    void faultIsOver() {
        overAt = System.nanoTime();
    }

    /** Asks both gateways until neither sends the unit ordinary requests. */
    void awaitLeftAlone(String unit) {
        system.platform().awaitWithin(LIMIT, Duration.ofMillis(10), () -> system.noneSendsTo(unit));
        leftAloneAt = System.nanoTime();
        System.out.printf(
                "  until both gateways left %s alone: %d ms%n",
                unit, Bounds.since(faultAt).toMillis());
    }

    /** Waits for the answer of a unit to a GET that is sent from now on. */
    void awaitServing(String unit) {
        long from = System.nanoTime();
        system.platform()
                .awaitWithin(
                        LIMIT,
                        () ->
                                gets.samples().stream()
                                        .anyMatch(s ->
                                                s.sentNanos() - from > 0
                                                        && s.by() != null
                                                        && Reading.of(s).unit().equals(unit)));
    }
}
