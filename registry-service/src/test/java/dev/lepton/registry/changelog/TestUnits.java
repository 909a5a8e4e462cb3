package dev.lepton.registry.changelog;

import dev.lepton.client.desired.Desired;
import dev.lepton.client.desired.DesiredRun;
import dev.lepton.client.unit.Beater;
import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitAddress;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.changelog.ProposedChange.OfDesired;
import dev.lepton.registry.changelog.ProposedChange.OfUnit;
import dev.lepton.registry.lifecycle.Phase;
import dev.lepton.registry.unit.UnitRow;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Units and their changes, as tests want them. */
public final class TestUnits {

    public static final Instant NOON = Instant.parse("2026-01-01T12:00:00.123456Z");

    private TestUnits() {}

    /** A unit's first start, in its first phase. */
    public static UnitRow aUnit(String id) {
        return new UnitRow(
                new UnitId(id),
                new ServiceName("worker"),
                StartId.random(),
                1,
                Phase.STARTING,
                UnitAddress.http("127.0.0.1", 9000),
                new NodeName("node-a"),
                Beater.SELF,
                "1.0",
                100,
                null,
                4711L,
                Map.of("team", "blue"),
                NOON,
                NOON,
                "registered",
                false,
                1);
    }

    /** The next start of the same unit. */
    public static UnitRow nextStart(UnitRow before) {
        return new UnitRow(
                before.id(),
                before.service(),
                StartId.random(),
                before.incarnation() + 1,
                Phase.STARTING,
                before.address(),
                before.node(),
                before.beater(),
                before.programVersion(),
                before.weight(),
                before.zone(),
                before.pid(),
                before.labels(),
                NOON,
                NOON,
                "registered",
                false,
                before.version() + 1);
    }

    public static OfUnit registration(UnitRow unit) {
        return new OfUnit(null, unit, "registered", "registered", null);
    }

    public static OfUnit move(UnitRow from, UnitRow to) {
        return guardedMove(from, to, null);
    }

    public static OfUnit guardedMove(UnitRow from, UnitRow to, @Nullable LeaderGuard guard) {
        return new OfUnit(from.phase(), to, "moved", to.reason(), guard);
    }

    public static Desired desired(String unit, long generation) {
        return new Desired(
                new UnitId(unit),
                new ServiceName("worker"),
                new NodeName("node-a"),
                DesiredRun.RUN,
                Map.of("jar", "worker.jar"),
                0,
                generation,
                "wanted",
                NOON);
    }

    public static OfDesired wish(Desired after) {
        return new OfDesired(after, "wanted", null);
    }
}
