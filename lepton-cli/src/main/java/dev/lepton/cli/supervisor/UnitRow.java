package dev.lepton.cli.supervisor;

import dev.lepton.client.unit.UnitState;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A unit as the supervisor shows it; what no command needs is left out.
 *
 * @param startId of the start that holds it, null when none does
 * @param incarnation null while the registry does not know that start
 */
public record UnitRow(
        String id,
        String service,
        UnitState state,
        @Nullable String address,
        @Nullable Long pid,
        @Nullable String reason,
        @Nullable String startId,
        @Nullable Long incarnation) {

    static UnitRow of(JsonNode json) {
        return new UnitRow(
                json.path("id").asString(),
                json.path("service").asString(),
                UnitState.valueOf(json.path("state").asString()),
                text(json.path("address")),
                json.path("pid").isIntegralNumber() ? json.path("pid").asLong() : null,
                text(json.path("reason")),
                text(json.path("startId")),
                json.path("incarnation").isIntegralNumber()
                        ? json.path("incarnation").asLong()
                        : null);
    }

    /** Whether the unit takes requests, or was stopped on purpose: nothing is to be waited for. */
    public boolean isSettled() {
        return switch (state) {
            case UP, DRAINING, STOPPED -> true;
            case STARTING, SUSPECT, DOWN, RECOVERING, QUARANTINED -> false;
        };
    }

    private static @Nullable String text(JsonNode json) {
        return json.isString() ? json.asString() : null;
    }
}
