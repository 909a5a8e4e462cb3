package dev.lepton.platform.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.rest.ProtocolJson;
import dev.lepton.platform.running.Checkout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code docs/configuration.md} holds every setting, as the modules' metadata describe them. */
class ConfigurationPageTests {

    private static final JsonMapper JSON = ProtocolJson.lenient();
    private static final Map<String, String> MODULES = modules();

    private static Map<String, String> modules() {
        Map<String, String> modules = new LinkedHashMap<>();
        modules.put("registry-service", "Registry");
        modules.put("gateway-service", "Gateway");
        modules.put("supervisor-service", "Supervisor");
        modules.put("lepton-spring-boot-starter", "A service with the starter");
        modules.put("sample-worker-service", "Sample worker");
        return modules;
    }

    @Test
    void thePageIsCurrent() throws IOException {
        Path file = Checkout.root().resolve("docs/configuration.md");
        String page = page();

        if (Boolean.getBoolean("lepton.docs.write")) {
            Files.writeString(file, page);
        }
        assertThat(file)
                .as(
                        "docs/configuration.md differs from the settings; write it anew with ./mvnw verify -Dtest=ConfigurationPageTests -Dsurefire.failIfNoSpecifiedTests=false -DskipITs -Dlepton.docs.write=true")
                .hasContent(page);
    }

    private static String page() throws IOException {
        StringBuilder page =
                new StringBuilder(
                        """
                        # Settings

                        Printed by `ConfigurationPageTests` from the modules' metadata; do not edit.

                        Each is a property of the service's Spring environment: `lepton.lease.duration` may be given in a file, on the command line
                        as `--lepton.lease.duration=8s`, or as the environment variable `LEPTON_LEASE_DURATION`. Settings that do not go together are
                        refused at start. What Spring Boot itself offers (`server.port`, `spring.datasource.url`, …) holds as well.
                        """);
        for (Map.Entry<String, String> module : MODULES.entrySet()) {
            Map<String, String> rows = rows(module.getKey());
            assertThat(rows).as(module.getKey()).isNotEmpty();
            page.append(
                    "\n## %s\n\n| setting | default | |\n| --- | --- | --- |\n"
                            .formatted(module.getValue()));
            rows.values().forEach(page::append);
        }
        return page.toString();
    }

    private static Map<String, String> rows(String module) throws IOException {
        Path metadata =
                Checkout.root()
                        .resolve(module)
                        .resolve("target/classes/META-INF/spring-configuration-metadata.json");
        Map<String, String> rows = new TreeMap<>();
        if (!Files.exists(metadata)) {
            return rows;
        }
        for (JsonNode property :
                JSON.readTree(Files.readString(metadata)).get("properties").values()) {
            String name = property.get("name").asString();
            if (!name.startsWith("lepton.")) {
                // Spring Boot's own, which every endpoint has.
                continue;
            }
            rows.put(
                    name,
                    "| `%s` | %s | %s |\n"
                            .formatted(name, defaultOf(property), description(property)));
        }
        return rows;
    }

    private static String defaultOf(JsonNode property) {
        return Optional.ofNullable(property.get("defaultValue"))
                .map(value -> value.isArray() && !value.isEmpty() ? value.get(0) : value)
                .map(JsonNode::asString)
                .map("`%s`"::formatted)
                .orElse("");
    }

    private static String description(JsonNode property) {
        String text =
                Optional.ofNullable(property.get("description")).map(JsonNode::asString).orElse("");
        String sentence =
                text.isEmpty()
                        ? ""
                        : text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
        return sentence.replace("|", "\\|").replaceAll("\\s+", " ").replaceAll("\\.$", "");
    }
}
