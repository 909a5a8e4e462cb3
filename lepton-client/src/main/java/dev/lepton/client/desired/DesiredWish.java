package dev.lepton.client.desired;

import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.Texts;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code PUT /v1/units/{id}/desired}: replaces the whole row.
 *
 * @param run null means {@code run}
 * @param restartGeneration must not be lower than the stored one; null keeps it
 * @param expectedGeneration the generation that the caller has read; null overwrites whatever is
 *     there
 */
public record DesiredWish(
        ServiceName service,
        @Nullable NodeName node,
        DesiredRun run,
        Map<String, Object> spec,
        @Nullable Long restartGeneration,
        @Nullable Long expectedGeneration,
        @Nullable String reason) {

    public DesiredWish(
            @Nullable ServiceName service,
            @Nullable NodeName node,
            @Nullable DesiredRun run,
            @Nullable Map<String, Object> spec,
            @Nullable Long restartGeneration,
            @Nullable Long expectedGeneration,
            @Nullable String reason) {
        if (service == null) {
            throw new IllegalArgumentException("'service' is missing");
        }
        if (restartGeneration != null && restartGeneration < 0) {
            throw new IllegalArgumentException("restartGeneration must not be negative");
        }
        this.service = service;
        this.node = node;
        this.run = run == null ? DesiredRun.RUN : run;
        this.spec = spec == null ? Map.of() : spec;
        this.restartGeneration = restartGeneration;
        this.expectedGeneration = expectedGeneration;
        this.reason = Texts.checked("reason", reason, 500);
    }
}
