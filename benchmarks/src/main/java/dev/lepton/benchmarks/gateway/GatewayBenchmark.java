package dev.lepton.benchmarks.gateway;

import dev.lepton.benchmarks.load.LatencyReport;
import dev.lepton.benchmarks.load.OpenLoop;
import dev.lepton.benchmarks.load.Wrk;
import dev.lepton.benchmarks.peer.DeclaredOptions;
import dev.lepton.benchmarks.peer.Peer;
import dev.lepton.benchmarks.peer.RunningPeer;
import dev.lepton.benchmarks.peer.Setup;
import dev.lepton.benchmarks.peer.StubUnits;
import dev.lepton.benchmarks.process.JvmAllocation;
import dev.lepton.benchmarks.process.Program;
import dev.lepton.benchmarks.process.Stage;
import dev.lepton.benchmarks.process.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What a request costs through Lepton's gateway and through others, as they are by default. All run
 * at the same time, and are loaded in turn, round by round, so that the machine's noise meets all
 * of them.
 */
public final class GatewayBenchmark {

    private static final int UNITS = 3;
    private static final Duration SETTLING = Duration.ofSeconds(2);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final Path checkout;
    private final Options options;
    private final Map<Peer, JvmAllocation> allocations = new EnumMap<>(Peer.class);

    public GatewayBenchmark(Path checkout, List<String> arguments) {
        this.checkout = checkout;
        this.options = Options.parse(arguments);
    }

    public void run() throws IOException, InterruptedException {
        Path wrkProgram = Program.require("wrk", "wrk");
        try (Stage stage = Stage.open()) {
            Wrk wrk = new Wrk(stage, wrkProgram, options.connections());
            List<RunningPeer> peers = start(stage);
            for (RunningPeer peer : peers) {
                say("warming up: " + peer.peer().title());
                warmUp(wrk, peer);
            }
            Results results = new Results();
            for (int i = 1; i <= options.rounds(); i++) {
                for (RunningPeer peer : peers) {
                    Round round = measure(wrk, peer);
                    say(
                            "round %d of %d: %s: %s"
                                    .formatted(i, options.rounds(), peer.peer().title(), round));
                    results.add(peer.peer(), round);
                }
            }
            System.out.print(results.table(options.perSecond()));
        }
    }

    private List<RunningPeer> start(Stage stage) throws IOException, InterruptedException {
        String declaration = Files.readString(checkout.resolve("lepton.yml"));
        Setup setup =
                new Setup(
                        stage,
                        checkout,
                        options.services(),
                        StubUnits.start(stage, UNITS),
                        options.jvmDefaults()
                                ? List.of()
                                : DeclaredOptions.of(declaration, "gateway"),
                        DeclaredOptions.of(declaration, "registry"));
        List<RunningPeer> peers = new ArrayList<>();
        for (Peer peer : options.peers()) {
            if (!peer.installed()) {
                say("left out, not installed: " + peer.title());
                continue;
            }
            say("starting: " + peer.title());
            RunningPeer running = peer.start(setup);
            peers.add(running);
            if (peer.jvm()) {
                allocations.put(
                        peer, stage.keep(JvmAllocation.of(running.gateway().handle().pid())));
            }
        }
        return peers;
    }

    private void warmUp(Wrk wrk, RunningPeer peer) throws IOException, InterruptedException {
        wrk.run(peer.target(), Duration.ofSeconds(options.warmUp()));
        openLoop(peer, SETTLING);
    }

    private Round measure(Wrk wrk, RunningPeer peer) throws IOException, InterruptedException {
        wrk.run(peer.target(), SETTLING);
        long allocatedBefore = allocated(peer.peer());
        List<Long> pids = peer.gateway().pids();
        Usage before = Usage.of(pids);
        Wrk.Result full = wrk.run(peer.target(), Duration.ofSeconds(options.seconds()));
        Usage used = Usage.of(pids).since(before);
        long allocated = allocated(peer.peer()) - allocatedBefore;
        LatencyReport paced = openLoop(peer, Duration.ofSeconds(options.seconds()));
        say("client late p99 %.2f ms".formatted(paced.lagMillis(0.99)));
        double requests = full.requests();
        return new Round(
                full.perSecond(),
                used.cpuMicros() / requests,
                used.waits() / requests,
                peer.peer().jvm() ? allocated / requests : Double.NaN,
                paced.millis(0.5),
                paced.millis(0.99),
                paced.millis(0.999),
                full.errors() + paced.failed());
    }

    private LatencyReport openLoop(RunningPeer peer, Duration length)
            throws IOException, InterruptedException {
        return OpenLoop.run(peer.target(), options.perSecond(), length, TIMEOUT);
    }

    private long allocated(Peer peer) throws IOException {
        return peer.jvm() ? Objects.requireNonNull(allocations.get(peer)).bytes() : 0;
    }

    private static void say(String what) {
        System.err.println(what);
    }
}
