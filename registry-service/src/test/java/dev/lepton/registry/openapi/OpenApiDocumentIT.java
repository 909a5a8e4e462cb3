package dev.lepton.registry.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.registry.support.FreshDatabase;
import dev.lepton.registry.support.RunningRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The description of the interface that is checked in is the one that the registry gives. */
class OpenApiDocumentIT {

    private static final Path FILE = Path.of("..", "docs", "openapi.json");
    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(SerializationFeature.INDENT_OUTPUT)
                    .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
                    .build();

    @RegisterExtension static final FreshDatabase database = FreshDatabase.migrated();

    @Test
    void theCheckedInDocumentIsCurrent() throws IOException {
        String document;
        try (RunningRegistry registry = RunningRegistry.start(database)) {
            document = sorted(registry.get("/v3/api-docs").body());
        }

        if (Boolean.getBoolean("lepton.docs.write")) {
            Files.writeString(FILE, document);
        }
        assertThat(FILE)
                .as(
                        "docs/openapi.json differs from what the registry says; write it anew with ./mvnw -pl registry-service -am verify -Dit.test=OpenApiDocumentIT -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false -Dlepton.docs.write=true")
                .hasContent(document);
    }

    /** Without the address at which this one was asked, and in an order that does not change. */
    private static String sorted(String document) {
        Map<?, ?> all = JSON.readValue(document, Map.class);
        all.remove("servers");
        return JSON.writeValueAsString(all) + "\n";
    }
}
