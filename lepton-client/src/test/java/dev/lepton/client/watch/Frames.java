package dev.lepton.client.watch;

import dev.lepton.client.desired.Desired;
import dev.lepton.client.desired.DesiredRun;
import dev.lepton.client.rest.ProtocolJson;
import dev.lepton.client.unit.Beater;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitAddress;
import dev.lepton.client.unit.UnitId;
import dev.lepton.client.unit.UnitState;
import dev.lepton.client.unit.UnitView;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/** The frames of a watch, as a registry writes them. */
final class Frames {

    static final Instant AT = Instant.parse("2026-11-22T10:15:30Z");
    static final StartId START = StartId.parse("0b9f6a52-6d0c-4b54-9a0e-3f8f5b1c7d11");

    private static final JsonMapper JSON = ProtocolJson.lenient();

    private Frames() {}

    static UnitView unit(String id, UnitState state) {
        return new UnitView(
                new UnitId(id),
                new ServiceName("worker"),
                START,
                1,
                state,
                UnitAddress.http("127.0.0.1", 8085),
                null,
                Beater.SELF,
                null,
                100,
                null,
                null,
                Map.of(),
                AT,
                "Grund: Übung");
    }

    static FleetList fleetList(String position, String... units) {
        return new FleetList(
                Position.parse(position),
                Stream.of(units).map(id -> unit(id, UnitState.UP)).toList(),
                List.of());
    }

    static Change up(long revision, String id) {
        return new Change(
                revision,
                AT,
                new UnitId(id),
                "first-beat",
                UnitState.STARTING,
                UnitState.UP,
                "",
                unit(id, UnitState.UP),
                false,
                null);
    }

    static Change forgotten(long revision, String id) {
        return new Change(
                revision,
                AT,
                new UnitId(id),
                "forgotten",
                UnitState.DOWN,
                null,
                "",
                unit(id, UnitState.DOWN),
                true,
                null);
    }

    static Change desired(long revision, String id) {
        Desired desired =
                new Desired(
                        new UnitId(id),
                        new ServiceName("worker"),
                        null,
                        DesiredRun.STOP,
                        Map.of(),
                        0,
                        1,
                        null,
                        AT);
        return new Change(
                revision, AT, new UnitId(id), "desired", null, null, "", null, false, desired);
    }

    static String list(String position, String... units) {
        return frame("list", position, JSON.writeValueAsString(fleetList(position, units)));
    }

    static String change(String cluster, Change change) {
        return frame("change", cluster + ":" + change.revision(), JSON.writeValueAsString(change));
    }

    static String bookmark(String position, long ageMillis) {
        return frame(
                "bookmark",
                position,
                JSON.writeValueAsString(new Bookmark(Position.parse(position), ageMillis)));
    }

    static String gone() {
        return "event: gone\ndata: {\"reason\":\"compacted\"}\n\n";
    }

    private static String frame(String event, String id, String data) {
        return "event: " + event + "\nid: " + id + "\ndata: " + data + "\n\n";
    }
}
