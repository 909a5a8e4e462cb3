package dev.lepton.client.registration;

import dev.lepton.client.unit.Beater;
import dev.lepton.client.unit.NodeName;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.Texts;
import dev.lepton.client.unit.UnitAddress;
import dev.lepton.client.unit.UnitId;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /v1/units}: one process start asks to be the unit. Idempotent on (unit
 * id, start-id).
 *
 * @param node null when no supervisor runs the unit
 * @param beater who will send the beats; null means {@code self}
 * @param version at most 128 characters, null when unknown
 * @param weight 1 to 1000; null means 100
 * @param zone at most 64 characters, null when none
 * @param pid the process id on its node, null when unknown
 * @param labels at most 64 of them, keys of at most 63 and values of at most 256 characters
 */
public record Registration(
        UnitId unitId,
        StartId startId,
        ServiceName service,
        UnitAddress address,
        @Nullable NodeName node,
        Beater beater,
        @Nullable String version,
        Integer weight,
        @Nullable String zone,
        @Nullable Long pid,
        Map<String, String> labels) {

    public static final int ORDINARY_WEIGHT = 100;

    /**
     * The label by which a unit says, with the value {@code true}, that it is declared exclusive.
     */
    public static final String EXCLUSIVE_LABEL = "lepton.exclusive";

    public Registration(
            @Nullable UnitId unitId,
            @Nullable StartId startId,
            @Nullable ServiceName service,
            @Nullable UnitAddress address,
            @Nullable NodeName node,
            @Nullable Beater beater,
            @Nullable String version,
            @Nullable Integer weight,
            @Nullable String zone,
            @Nullable Long pid,
            @Nullable Map<String, String> labels) {
        this.unitId = required("unitId", unitId);
        this.startId = required("startId", startId);
        this.service = required("service", service);
        this.address = required("address", address);
        this.node = node;
        this.beater = Objects.requireNonNullElse(beater, Beater.SELF);
        this.version = Texts.checked("version", version, 128);
        this.weight = Objects.requireNonNullElse(weight, ORDINARY_WEIGHT);
        if (this.weight < 1 || this.weight > 1000) {
            throw new IllegalArgumentException(
                    "weight %d must be from 1 to 1000".formatted(this.weight));
        }
        this.zone = Texts.checked("zone", zone, 64);
        if (pid != null && pid < 1) {
            throw new IllegalArgumentException("pid %d must be positive".formatted(pid));
        }
        this.pid = pid;
        this.labels = Texts.checkedLabels(labels);
    }

    private static <T> T required(String field, @Nullable T value) {
        if (value == null) {
            throw new IllegalArgumentException("'" + field + "' is missing");
        }
        return value;
    }
}
