package dev.lepton.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What an editor shows of this module's settings. */
class SettingsMetadataTests {

    @Test
    void everySettingIsDescribedInPlainWords() throws IOException {
        List<JsonNode> settings = settings();

        assertThat(settings)
                .extracting(SettingsMetadataTests::name)
                .contains("lepton.start-concurrency");
        assertThat(settings)
                .allSatisfy(setting ->
                        assertThat(setting.path("description").asString(""))
                                .as(name(setting))
                                .isNotBlank()
                                .doesNotContain("{@"));
    }

    /** The module's own file comes first on the class path. */
    private static List<JsonNode> settings() throws IOException {
        try (InputStream metadata =
                SettingsMetadataTests.class.getResourceAsStream(
                        "/META-INF/spring-configuration-metadata.json")) {
            return JsonMapper.shared()
                    .readTree(Objects.requireNonNull(metadata))
                    .path("properties")
                    .valueStream()
                    .filter(property -> name(property).startsWith("lepton."))
                    .toList();
        }
    }

    private static String name(JsonNode property) {
        return property.path("name").asString();
    }
}
