package dev.lepton.supervisor.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lepton.client.node.NodeBeatAnswer;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContactTests {

    private long now = 1_000;
    private final Contact contact = new Contact(() -> now);

    @Test
    void aRegistryAnswersForThreeSecondsFromWhenTheStoredBeatWasSent() {
        assertThat(contact.answers()).isFalse();

        contact.answered(answer(true), now);
        now += Duration.ofSeconds(3).toNanos() - 1;
        assertThat(contact.answers()).isTrue();
        now += 1;
        assertThat(contact.answers()).isFalse();
    }

    @Test
    void whatWasAnsweredBeforeItWasLostCountsNoMore() {
        contact.answered(answer(true), now);
        contact.lost();

        assertThat(contact.answers()).isFalse();
    }

    @Test
    void anAnswerThatTheBeatWasNotStoredProvesNoContactAndTakesNoneBack() {
        contact.answered(answer(false), now);
        assertThat(contact.answers()).isFalse();

        contact.answered(answer(true), now);
        now += Duration.ofSeconds(1).toNanos();
        contact.answered(answer(false), now);
        now += Duration.ofSeconds(2).toNanos() - 1;
        assertThat(contact.answers()).isTrue();
        now += 1;
        assertThat(contact.answers()).isFalse();
    }

    private static NodeBeatAnswer answer(boolean stored) {
        return new NodeBeatAnswer(stored, Duration.ofSeconds(1), List.of(), 0);
    }
}
