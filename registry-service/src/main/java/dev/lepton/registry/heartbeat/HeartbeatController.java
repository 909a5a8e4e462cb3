package dev.lepton.registry.heartbeat;

import dev.lepton.client.heartbeat.Heartbeat;
import dev.lepton.client.heartbeat.HeartbeatAnswer;
import dev.lepton.client.heartbeat.HeartbeatBatch;
import dev.lepton.client.heartbeat.HeartbeatBatch.UnitHeartbeat;
import dev.lepton.client.heartbeat.HeartbeatBatchAnswer;
import dev.lepton.client.heartbeat.HeartbeatBatchAnswer.Outcome;
import dev.lepton.client.heartbeat.HeartbeatBatchAnswer.UnitOutcome;
import dev.lepton.client.unit.UnitId;
import dev.lepton.registry.exclusive.Exclusivity;
import dev.lepton.registry.heartbeat.Verdict.Accepted;
import dev.lepton.registry.heartbeat.Verdict.NotRegistered;
import dev.lepton.registry.heartbeat.Verdict.Superseded;
import dev.lepton.registry.heartbeat.Verdict.Unknown;
import dev.lepton.registry.settings.LeaseSettings;
import dev.lepton.registry.stretch.Stretch;
import dev.lepton.registry.unit.DatabaseAway;
import dev.lepton.registry.unit.StartSuperseded;
import dev.lepton.registry.unit.UnitNotRegistered;
import dev.lepton.registry.unit.UnitRow;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Takes beats, one or many at a time. */
@RestController
class HeartbeatController {

    private final Heartbeats heartbeats;
    private final MarkFlusher flusher;
    private final LeaseSettings settings;
    private final Stretch stretch;
    private final Exclusivity exclusivity;

    HeartbeatController(
            Heartbeats heartbeats,
            MarkFlusher flusher,
            LeaseSettings settings,
            Stretch stretch,
            Exclusivity exclusivity) {
        this.heartbeats = heartbeats;
        this.flusher = flusher;
        this.settings = settings;
        this.stretch = stretch;
        this.exclusivity = exclusivity;
    }

    @PutMapping("/v1/units/{id}/heartbeat")
    HeartbeatAnswer beat(@PathVariable UnitId id, @RequestBody Heartbeat beat) {
        Verdict verdict = Objects.requireNonNull(heartbeats.take(Map.of(id, beat)).get(id));
        UnitRow row =
                switch (verdict) {
                    case Accepted(UnitRow held) -> held;
                    case NotRegistered() -> throw new UnitNotRegistered(id);
                    case Superseded() -> throw new StartSuperseded(id, beat.startId());
                    case Unknown(boolean busy) when busy ->
                            throw new RegistryBusy(Verdicts.LOOKUPS_PER_SECOND);
                    case Unknown _ -> throw new DatabaseAway();
                };
        return new HeartbeatAnswer(
                stores(),
                row.phase().state(),
                row.incarnation(),
                stretch.heartbeatInterval(),
                settings.heartbeatTimeout(),
                exclusivity.fence(row));
    }

    /** A unit that is named twice beats once, with its last beat. */
    @PostMapping("/v1/heartbeats")
    HeartbeatBatchAnswer beat(@RequestBody HeartbeatBatch batch) {
        Map<UnitId, Heartbeat> beats = new LinkedHashMap<>();
        batch.beats().forEach(b -> beats.put(b.unitId(), b.heartbeat()));
        Map<UnitId, Verdict> verdicts = heartbeats.take(beats);
        return new HeartbeatBatchAnswer(
                stores(),
                stretch.heartbeatInterval(),
                settings.heartbeatTimeout(),
                batch.beats().stream()
                        .map(UnitHeartbeat::unitId)
                        .map(id -> outcome(id, Objects.requireNonNull(verdicts.get(id))))
                        .toList());
    }

    private UnitOutcome outcome(UnitId id, Verdict verdict) {
        return switch (verdict) {
            case Accepted(UnitRow row) ->
                    new UnitOutcome(
                            id, Outcome.ACCEPTED, row.phase().state(), exclusivity.fence(row));
            case NotRegistered() -> new UnitOutcome(id, Outcome.NOT_REGISTERED, null);
            case Superseded() -> new UnitOutcome(id, Outcome.SUPERSEDED, null);
            case Unknown _ -> new UnitOutcome(id, Outcome.UNKNOWN, null);
        };
    }

    private boolean stores() {
        return flusher.stores() && stretch.fresh();
    }
}
