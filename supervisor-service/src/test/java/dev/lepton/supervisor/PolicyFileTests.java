package dev.lepton.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.policy.RecoveryPolicy;
import dev.lepton.client.policy.StoredPolicy;
import dev.lepton.client.unit.ServiceName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolicyFileTests {

    @TempDir Path folder;

    @Test
    void whatWasWrittenIsRead() {
        PolicyFile file = new PolicyFile(folder.resolve("policies.json"));
        List<StoredPolicy> policies =
                List.of(
                        new StoredPolicy(
                                new ServiceName("web"),
                                3,
                                RecoveryPolicy.UNSAID,
                                "somebody",
                                null,
                                Instant.parse("2026-11-25T10:00:00Z")));

        assertThat(file.read()).isEmpty();
        file.write(policies);

        assertThat(file.read()).isEqualTo(policies);
    }

    @Test
    void aFileThatIsNoListOfPoliciesIsPassedOver() throws IOException {
        Path path = folder.resolve("policies.json");

        assertThat(new PolicyFile(Files.writeString(path, "{ no JSON")).read()).isEmpty();
        assertThat(new PolicyFile(Files.writeString(path, "[{\"service\":\"UPPER CASE\"}]")).read())
                .isEmpty();
    }
}
