package dev.lepton.supervisor;

import dev.lepton.client.policy.StoredPolicy;
import dev.lepton.client.rest.ProtocolJson;
import dev.lepton.supervisor.home.DurableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** Keeps the registry's last policies, by which a supervisor recovers that starts without it. */
record PolicyFile(Path path) {

    private static final Logger log = LoggerFactory.getLogger(PolicyFile.class);
    private static final TypeReference<List<StoredPolicy>> POLICIES = new TypeReference<>() {};
    private static final JsonMapper JSON = ProtocolJson.lenient();

    List<StoredPolicy> read() {
        if (!Files.exists(path)) {
            return List.of();
        }
        try {
            return JSON.readValue(Files.readAllBytes(path), POLICIES);
        } catch (IOException | JacksonException e) {
            log.warn("{} is not read, the declared policies hold: {}", path, e.getMessage());
            return List.of();
        }
    }

    void write(List<StoredPolicy> policies) {
        try {
            DurableFile.write(path, JSON.writeValueAsBytes(policies));
        } catch (IOException e) {
            log.warn("{} is not written: {}", path, e.getMessage());
        }
    }
}
