package dev.lepton.benchmarks.gateway;

import dev.lepton.benchmarks.load.LatencyReport;
import dev.lepton.benchmarks.load.OpenLoop;
import dev.lepton.benchmarks.load.Wrk;
import dev.lepton.benchmarks.peer.Peer;
import dev.lepton.benchmarks.peer.RunningPeer;
import dev.lepton.benchmarks.peer.Setup;
import dev.lepton.benchmarks.peer.StubUnits;
import dev.lepton.benchmarks.process.JvmAllocation;
import dev.lepton.benchmarks.process.JvmProfile;
import dev.lepton.benchmarks.process.Machine;
import dev.lepton.benchmarks.process.Stage;
import dev.lepton.benchmarks.process.Usage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * What a request costs through Lepton's gateway and through others, as they are by default. All run
 * at the same time, and are loaded in turn, round by round, so that the machine's noise meets all
 * of them.
 */
public final class GatewayBenchmark {

    private static final int UNITS = 3;
    private static final int MANY_SERVICES = 10_000;
    private static final double LEAST_RATIO = 1.5;
    private static final double LEAST_RATIO_OF_MANY = 5;
    private static final Duration WINDOW = Duration.ofSeconds(5);
    private static final Duration SETTLING = Duration.ofSeconds(2);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** A window that costs at least so much of the one before shows a gateway that is warm. */
    private static final double WARM = 0.97;

    private static final long WARM_REQUESTS = 50_000;
    private static final int MAX_WARM_UPS = 4;

    private final Path checkout;
    private final Plan plan;
    private final Map<Peer, JvmAllocation> allocations = new EnumMap<>(Peer.class);

    public GatewayBenchmark(Path checkout, List<String> arguments) {
        this.checkout = checkout;
        this.plan = Plan.parse(arguments);
    }

    public void run() throws IOException, InterruptedException {
        Machine begin = Machine.now();
        try (Stage stage = Stage.open()) {
            Wrk wrk = new Wrk(stage, plan.wrk(), plan.connections());
            List<RunningPeer> peers = start(stage);
            for (RunningPeer peer : peers) {
                warmUp(wrk, peer);
            }
            Results results = new Results();
            for (int i = 1; i <= plan.rounds(); i++) {
                for (RunningPeer peer : peers) {
                    Round round = measure(wrk, peer);
                    say("round %d of %d: %s: %s", i, plan.rounds(), peer.peer().title(), round);
                    results.add(peer.peer(), round);
                }
            }
            print(results, begin);
            if (plan.profile()) {
                printProfiles(stage, wrk, peers);
            }
        }
    }

    private void print(Results results, Machine begin) throws IOException {
        System.out.printf(
                Locale.ROOT,
                """
                ## %,d %s, %s

                %s Medians of %d rounds, in each of which every gateway had %d s with %d connections and %d s at %,d requests a second.

                """,
                plan.services(),
                plan.services() == 1 ? "service" : "services",
                plan.jvmDefaults()
                        ? "options of the JVM as they are by default"
                        : "options of the JVM as in lepton.yml",
                Machine.during(begin, Machine.now()),
                plan.rounds(),
                plan.seconds(),
                plan.connections(),
                plan.seconds(),
                plan.rate());
        System.out.println(results.figures(plan.rate()));
        if (results.has(Peer.LEPTON)) {
            System.out.println(results.ratios());
        }
        if (results.compares(Peer.LEPTON, Peer.STOCK)) {
            System.out.println(
                    results.aims(
                            plan.services() < MANY_SERVICES ? LEAST_RATIO : LEAST_RATIO_OF_MANY));
        }
    }

    private void printProfiles(Stage stage, Wrk wrk, List<RunningPeer> peers)
            throws IOException, InterruptedException {
        System.out.print(
                "Processor time of the Java threads at full load, by the innermost code that is not the JDK's:\n\n"
                        + Layer.head());
        for (RunningPeer running : peers) {
            if (running.peer().jvm()) {
                say("profiling: %s", running.peer().title());
                Path file = stage.folder().resolve(running.peer() + ".jfr");
                Duration length = Duration.ofSeconds(plan.seconds());
                JvmProfile.start(stage, running.gateway().handle().pid(), file, length);
                wrk.run(running.target(), length);
                System.out.print(Layer.shares(running.peer().title(), JvmProfile.stacks(file)));
            }
        }
    }

    private List<RunningPeer> start(Stage stage) throws IOException, InterruptedException {
        Setup setup =
                Setup.of(
                        stage,
                        checkout,
                        plan.services(),
                        StubUnits.start(stage, UNITS),
                        plan.jvmDefaults());
        List<RunningPeer> peers = new ArrayList<>();
        for (Peer peer : plan.peers()) {
            if (!peer.installed()) {
                say("left out, not installed: %s", peer.title());
                continue;
            }
            say("starting: %s", peer.title());
            RunningPeer running = peer.start(setup);
            peers.add(running);
            if (peer.jvm()) {
                allocations.put(
                        peer, stage.keep(JvmAllocation.of(running.gateway().handle().pid())));
            }
        }
        return peers;
    }

    /** For the time that is set, and on while there were few requests or they become cheaper. */
    private void warmUp(Wrk wrk, RunningPeer peer) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        long least = Duration.ofSeconds(plan.warmUp()).toNanos();
        long requests = 0;
        double before;
        double cost = Double.MAX_VALUE;
        long passed;
        do {
            before = cost;
            Round.FullLoad window = full(wrk, peer, WINDOW);
            cost = window.cpuMicros();
            requests += Math.round(window.perSecond() * WINDOW.toSeconds());
            say("warming up: %s: %.1f µs a request", peer.peer().title(), cost);
            passed = System.nanoTime() - begin;
        } while (passed < least
                || passed < least * MAX_WARM_UPS
                        && (requests < WARM_REQUESTS || cost < before * WARM));
        paced(peer, SETTLING);
    }

    private Round measure(Wrk wrk, RunningPeer peer) throws IOException, InterruptedException {
        Duration length = Duration.ofSeconds(plan.seconds());
        wrk.run(peer.target(), SETTLING);
        Round.FullLoad full = full(wrk, peer, length);
        LatencyReport paced = paced(peer, length);
        say("the client itself was %.2f ms late, p99", paced.lagMillis(0.99));
        return Round.of(full, paced);
    }

    private Round.FullLoad full(Wrk wrk, RunningPeer peer, Duration length)
            throws IOException, InterruptedException {
        long allocatedBefore = allocated(peer.peer());
        List<Long> pids = peer.gateway().pids();
        Usage before = Usage.of(pids);
        Wrk.Result done = wrk.run(peer.target(), length);
        Usage used = Usage.of(pids).since(before);
        return Round.FullLoad.of(done, used, allocated(peer.peer()) - allocatedBefore);
    }

    private LatencyReport paced(RunningPeer peer, Duration length)
            throws IOException, InterruptedException {
        return OpenLoop.run(peer.target(), plan.rate(), length, TIMEOUT);
    }

    private long allocated(Peer peer) throws IOException {
        return peer.jvm() ? Objects.requireNonNull(allocations.get(peer)).bytes() : 0;
    }

    private static void say(String format, Object... values) {
        System.err.printf(Locale.ROOT, format + "%n", values);
    }
}
