package dev.lepton.client.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * How the protocol's records look as JSON: ISO-8601 instants and durations, absent for null. A
 * number that is left out is 0 and a flag false, where the record's own rule allows it.
 */
public final class ProtocolJson {

    private ProtocolJson() {}

    /** For readers that must live with a newer registry: unknown fields are passed over. */
    public static JsonMapper lenient() {
        return configure(JsonMapper.builder()).build();
    }

    /** Applies the protocol's settings to a mapper that is being built. */
    public static JsonMapper.Builder configure(JsonMapper.Builder builder) {
        return builder.changeDefaultPropertyInclusion(
                        i -> i.withValueInclusion(JsonInclude.Include.NON_NULL))
                .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
                .disable(DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
                .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    }
}
