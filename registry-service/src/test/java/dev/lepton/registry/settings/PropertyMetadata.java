package dev.lepton.registry.settings;

import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One of the {@code lepton.*} properties, as the build describes them.
 *
 * @param defaultValue as text, null when there is none
 */
record PropertyMetadata(@Nullable String defaultValue) {

    /** By name. */
    static Map<String, PropertyMetadata> ofThisModule() throws IOException {
        Map<String, PropertyMetadata> properties = new LinkedHashMap<>();
        try (InputStream stored =
                LeaseSettings.class.getResourceAsStream(
                        "/META-INF/spring-configuration-metadata.json")) {
            JsonNode all = JsonMapper.shared().readTree(Objects.requireNonNull(stored));
            for (JsonNode property : all.get("properties")) {
                String name = property.get("name").asString();
                if (name.startsWith("lepton.")) {
                    properties.put(
                            name,
                            new PropertyMetadata(property.path("defaultValue").asString(null)));
                }
            }
        }
        return properties;
    }
}
