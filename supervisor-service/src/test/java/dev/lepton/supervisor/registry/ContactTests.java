package dev.lepton.supervisor.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ContactTests {

    private long now = 1_000;
    private final Contact contact = new Contact(() -> now);

    @Test
    void aRegistryAnswersForThreeSecondsFromWhenTheAnsweredBeatWasSent() {
        assertThat(contact.answers()).isFalse();

        contact.answered(now);
        now += Duration.ofSeconds(3).toNanos() - 1;
        assertThat(contact.answers()).isTrue();
        now += 1;
        assertThat(contact.answers()).isFalse();
    }

    @Test
    void whatWasAnsweredBeforeItWasLostCountsNoMore() {
        contact.answered(now);
        contact.lost();

        assertThat(contact.answers()).isFalse();
    }
}
