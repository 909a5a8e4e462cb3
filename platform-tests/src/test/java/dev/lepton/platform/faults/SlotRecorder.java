package dev.lepton.platform.faults;

import dev.lepton.client.unit.UnitState;
import dev.lepton.client.watch.Change;
import dev.lepton.client.watch.Fleet;
import dev.lepton.client.watch.UnitWatch;
import dev.lepton.platform.faults.SlotLog.Holder;
import dev.lepton.platform.running.ExtraNode;
import dev.lepton.platform.running.LeptonProcesses;
import dev.lepton.platform.running.RoutingTable;
import dev.lepton.platform.running.TwoMachines;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Looks at the slots of two machines as long as a test runs: what the registry's watch says at each
 * change, what the gateway's table holds and which processes live, each so often.
 */
final class SlotRecorder implements AutoCloseable {

    private static final long EVERY_MILLIS = 200;

    private final TwoMachines machines;
    private final SlotLog log;
    private final UnitWatch watch;
    private final ScheduledExecutorService clock = Executors.newScheduledThreadPool(2);
    private final List<ScheduledFuture<?>> looks;

    SlotRecorder(TwoMachines machines, SlotLog log) {
        this.machines = machines;
        this.log = log;
        this.watch = machines.watch(this::changed);
        this.looks = List.of(every(this::lookAtTheGateway), every(this::lookAtTheNodes));
    }

    private ScheduledFuture<?> every(Runnable look) {
        return clock.scheduleWithFixedDelay(look, 0, EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Fails with what one of the looks has failed with: no more of them came after it. */
    void stillLooks() throws Exception {
        for (ScheduledFuture<?> look : looks) {
            if (look.isDone()) {
                look.get();
            }
        }
    }

    private void changed(Fleet fleet, List<Change> changes) {
        log.routable(
                "registry",
                fleet.units().values().stream()
                        .filter(u -> u.state() == UnitState.UP || u.state() == UnitState.SUSPECT)
                        .map(u -> new Holder(u.unitId().value(), u.incarnation()))
                        .toList());
    }

    private void lookAtTheGateway() {
        try {
            log.routable(
                    "gateway",
                    machines.routing().units().stream()
                            .filter(RoutingTable.Routed::routable)
                            .map(r -> new Holder(r.id(), r.incarnation()))
                            .toList());
        } catch (IOException e) {
            // Not up yet, or late once: that there were looks enough is asserted.
            return;
        }
    }

    private void lookAtTheNodes() {
        living("node-a", machines.nodeA());
        living("node-b", machines.nodeB());
    }

    private void living(String name, ExtraNode node) {
        log.living(name, LeptonProcesses.starts(node.home()));
    }

    @Override
    public void close() {
        watch.close();
        clock.close();
    }
}
