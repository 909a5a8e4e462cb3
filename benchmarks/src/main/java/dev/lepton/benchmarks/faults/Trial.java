package dev.lepton.benchmarks.faults;

import dev.lepton.benchmarks.load.LatencyReport;
import dev.lepton.benchmarks.load.OpenLoop;
import dev.lepton.benchmarks.load.Wrk;
import dev.lepton.benchmarks.peer.Peer;
import dev.lepton.benchmarks.peer.RunningPeer;
import dev.lepton.benchmarks.peer.Setup;
import dev.lepton.benchmarks.peer.StubUnits;
import dev.lepton.benchmarks.process.Stage;
import dev.lepton.benchmarks.process.StartedProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** One fault of one unit of three, behind one gateway, under a steady load of GETs. */
record Trial(Plan plan, Stage stage, Setup setup) {

    private static final int UNITS = 3;
    private static final int CONNECTIONS = 16;

    /** What a client waits for an answer; the request has failed then. */
    private static final Duration TIMEOUT = Duration.ofSeconds(5);

    /**
     * A gateway, and the unit that is to fail.
     *
     * @param unit found at the time of the fault
     */
    record Subject(RunningPeer gateway, Supplier<ProcessHandle> unit) {}

    LatencyReport run(Peer peer, Fault fault) throws IOException, InterruptedException {
        Subject subject = peer == Peer.LEPTON ? SupervisedLepton.start(setup) : beside(peer);
        new Wrk(stage, plan.wrk(), CONNECTIONS).run(subject.gateway().target(), plan.warmUp());
        try (ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor()) {
            ScheduledFuture<ProcessHandle> struck =
                    clock.schedule(
                            () -> strike(subject, fault),
                            plan.faultAfter().toMillis(),
                            TimeUnit.MILLISECONDS);
            LatencyReport report =
                    OpenLoop.run(subject.gateway().target(), plan.rate(), plan.length(), TIMEOUT);
            // It would not end in order.
            struck.get(0, TimeUnit.SECONDS).destroyForcibly();
            return report;
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the fault did not happen", e);
        }
    }

    private static ProcessHandle strike(Subject subject, Fault fault) {
        ProcessHandle unit = subject.unit().get();
        fault.strike(unit);
        return unit;
    }

    private Subject beside(Peer peer) throws IOException, InterruptedException {
        List<StartedProcess> units = new ArrayList<>();
        for (int i = 0; i < UNITS; i++) {
            units.add(StubUnits.start(stage, "unit-" + i, List.of(setup.unitPorts().get(i))));
        }
        return new Subject(peer.start(setup), () -> units.getFirst().handle());
    }

    static List<Integer> unitPorts() throws IOException {
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < UNITS; i++) {
            ports.add(Stage.freePort());
        }
        return ports;
    }
}
