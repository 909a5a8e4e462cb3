package dev.lepton.benchmarks.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.lepton.client.heartbeat.HeartbeatBatch;
import dev.lepton.client.rest.ProtocolJson;
import org.junit.jupiter.api.Test;

class BatchTests {

    private final Batch batch = new Batch(1_001, 1_000);

    @Test
    void theBodyIsABatchOfTheProtocolInWhichEachUnitBeatsOnce() {
        HeartbeatBatch read = read(1_764_000_000_000_001L);

        assertThat(read.beats()).hasSize(1_000);
        assertThat(read.beats().getFirst().unitId()).hasToString("fleet-1001");
        assertThat(read.beats().getLast().unitId()).hasToString("fleet-2000");
        assertThat(read.beats().getLast().heartbeat().startId())
                .hasToString("00000000-0000-4000-8000-000000002000");
    }

    @Test
    void everyBeatHasTheNumberOfItsCall() {
        read(1_764_000_000_000_001L);

        assertThat(read(1_764_000_000_000_002L).beats())
                .allMatch(beat -> beat.heartbeat().seq() == 1_764_000_000_000_002L);
    }

    @Test
    void aNumberThatDoesNotFitIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> batch.body(999_999_999_999_999L))
                .withMessageContaining("999999999999999 must have 16 digits");
    }

    private HeartbeatBatch read(long number) {
        return ProtocolJson.lenient().readValue(batch.body(number), HeartbeatBatch.class);
    }
}
