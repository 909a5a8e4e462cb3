package dev.lepton.registry.changelog;

import dev.lepton.client.desired.Desired;
import dev.lepton.client.rest.ProtocolJson;
import dev.lepton.registry.lifecycle.Phase;
import dev.lepton.registry.unit.UnitRow;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/**
 * How rows are written as JSON for PostgreSQL: members are named like the columns, so that the one
 * document is both the input of the statement and the content of the change log.
 */
final class StoredJson {

    private static final JsonMapper MAPPER =
            ProtocolJson.configure(JsonMapper.builder())
                    .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
                    .build();

    private StoredJson() {}

    /** One element of the writing statement's input. */
    record Input(
            String kind,
            String id,
            Instant at,
            String event,
            @Nullable Phase fromState,
            @Nullable Phase toState,
            String reason,
            @Nullable String role,
            @Nullable Long epoch,
            Object after) {}

    static String input(ProposedChange change, Instant at) {
        LeaderGuard guard = change.guard();
        String role = guard == null ? null : guard.role();
        Long epoch = guard == null ? null : (Long) guard.epoch();
        Instant when = at.truncatedTo(ChronoUnit.MICROS);
        return MAPPER.writeValueAsString(
                switch (change) {
                    case ProposedChange.OfUnit(var from, var after, var event, var reason, var g) ->
                            new Input(
                                    "unit",
                                    after.id().value(),
                                    when,
                                    event,
                                    from,
                                    after.forgotten() ? null : after.phase(),
                                    reason,
                                    role,
                                    epoch,
                                    StoredUnit.of(after));
                    case ProposedChange.OfDesired(var after, var reason, var g) ->
                            new Input(
                                    "desired",
                                    after.unitId().value(),
                                    when,
                                    "desired",
                                    null,
                                    null,
                                    reason,
                                    role,
                                    epoch,
                                    StoredDesired.of(after));
                });
    }

    static UnitRow unit(String json) {
        return MAPPER.readValue(json, StoredUnit.class).row();
    }

    static Desired desired(String json) {
        return MAPPER.readValue(json, StoredDesired.class).row();
    }
}
