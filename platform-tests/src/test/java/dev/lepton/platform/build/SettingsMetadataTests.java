package dev.lepton.platform.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.rest.ProtocolJson;
import dev.lepton.platform.running.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What an editor shows of the settings of each module. */
class SettingsMetadataTests {

    @ParameterizedTest
    @CsvSource({
        "gateway-service, lepton.gateway.deadline",
        "lepton-spring-boot-starter, lepton.unit.id",
        "registry-service, lepton.lease.duration",
        "sample-worker-service, lepton.sample.chaos",
        "supervisor-service, lepton.start-concurrency",
    })
    void everySettingIsDescribedInPlainWords(String module, String oneOfThem) throws IOException {
        List<JsonNode> settings = settings(module);

        assertThat(settings).extracting(SettingsMetadataTests::name).contains(oneOfThem);
        assertThat(settings)
                .allSatisfy(setting ->
                        assertThat(setting.path("description").asString(""))
                                .as(name(setting))
                                .isNotBlank()
                                .doesNotContain("{@"));
    }

    private static List<JsonNode> settings(String module) throws IOException {
        String metadata =
                Files.readString(
                        Checkout.root()
                                .resolve(module)
                                .resolve(
                                        "target/classes/META-INF/spring-configuration-metadata.json"));
        return ProtocolJson.lenient()
                .readTree(metadata)
                .path("properties")
                .valueStream()
                .filter(property -> name(property).startsWith("lepton."))
                .toList();
    }

    private static String name(JsonNode property) {
        return property.path("name").asString();
    }
}
