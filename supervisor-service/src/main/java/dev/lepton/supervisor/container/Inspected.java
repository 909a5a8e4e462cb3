package dev.lepton.supervisor.container;

import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.command.InspectContainerResponse.ContainerState;
import com.github.dockerjava.api.model.Event;
import dev.lepton.client.unit.UnitId;
import dev.lepton.supervisor.container.Seen.Address;
import dev.lepton.supervisor.container.Seen.Condition;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Understands the engine's answers. */
final class Inspected {

    private Inspected() {}

    /** Empty when it is labelled as no unit, or as one that cannot be. */
    static Optional<Seen> seen(InspectContainerResponse found) {
        ContainerState state = found.getState();
        return label(found, Engine.UNIT)
                .flatMap(Inspected::unit)
                .map(unit ->
                        new Seen(
                                found.getId(),
                                unit,
                                condition(state),
                                instant(state.getStartedAt()),
                                instant(state.getFinishedAt()),
                                Objects.requireNonNullElse(state.getExitCode(), 0),
                                Boolean.TRUE.equals(state.getOOMKilled()),
                                pid(state),
                                addresses(found),
                                text(state)));
    }

    static Optional<String> label(InspectContainerResponse found, String name) {
        @Nullable Map<String, String> labels =
                found.getConfig() == null ? null : found.getConfig().getLabels();
        return Optional.ofNullable(labels).map(all -> all.get(name));
    }

    private static Optional<UnitId> unit(String label) {
        try {
            return Optional.of(new UnitId(label));
        } catch (IllegalArgumentException _) {
            // No unit has such an id, so it is none of ours.
            return Optional.empty();
        }
    }

    /** The engine says of one that it restarts and of one that is paused that it runs as well. */
    private static Condition condition(ContainerState state) {
        if (Boolean.TRUE.equals(state.getRestarting())) {
            return Condition.RESTARTING;
        }
        if (Boolean.TRUE.equals(state.getPaused())) {
            return Condition.PAUSED;
        }
        if (Boolean.TRUE.equals(state.getRunning())) {
            return Condition.RUNNING;
        }
        return "created".equals(state.getStatus()) ? Condition.CREATED : Condition.ENDED;
    }

    private static @Nullable Long pid(ContainerState state) {
        @Nullable Long pid = state.getPidLong();
        return pid == null || pid == 0 ? null : pid;
    }

    private static List<Address> addresses(InspectContainerResponse found) {
        return found.getNetworkSettings() == null
                        || found.getNetworkSettings().getNetworks() == null
                ? List.of()
                : found.getNetworkSettings().getNetworks().values().stream()
                        .filter(network ->
                                network.getIpAddress() != null
                                        && !network.getIpAddress().isEmpty()
                                        && network.getIpPrefixLen() != null)
                        .map(network ->
                                new Address(network.getIpAddress(), network.getIpPrefixLen()))
                        .toList();
    }

    private static String text(ContainerState state) {
        return String.join(
                "\n",
                "Status: " + state.getStatus(),
                "Running: " + state.getRunning(),
                "Paused: " + state.getPaused(),
                "Restarting: " + state.getRestarting(),
                "OOMKilled: " + state.getOOMKilled(),
                "Pid: " + state.getPidLong(),
                "ExitCode: " + state.getExitCode(),
                "StartedAt: " + state.getStartedAt(),
                "FinishedAt: " + state.getFinishedAt());
    }

    private static Instant instant(@Nullable String text) {
        try {
            return text == null ? Instant.EPOCH : Instant.parse(text);
        } catch (DateTimeParseException _) {
            return Instant.EPOCH;
        }
    }

    /** Null when it does not say when it happened, or changes nothing. */
    static @Nullable EngineEvent event(Event event) {
        @Nullable Long nanos = event.getTimeNano();
        EngineEvent.@Nullable Kind kind = EngineEvent.Kind.of(event.getAction());
        if (event.getId() == null || nanos == null || kind == null) {
            return null;
        }
        @Nullable Map<String, String> attributes =
                event.getActor() == null ? null : event.getActor().getAttributes();
        return new EngineEvent(
                event.getId(),
                kind,
                Instant.ofEpochSecond(0, nanos),
                attributes == null ? null : number(attributes.get("exitCode")));
    }

    private static @Nullable Integer number(@Nullable String text) {
        return text != null && text.matches("\\d{1,5}") ? Integer.valueOf(text) : null;
    }
}
