package dev.lepton.gateway.forwarding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MailboxTests {

    private final List<String> seen = new ArrayList<>();

    @Test
    void mailThatComesWhileAnotherIsHandledComesAfterIt() {
        Mailbox mailbox = new Mailbox(error -> seen.add(error.getMessage()));

        mailbox.tell(() -> {
            mailbox.tell(() -> seen.add("second"));
            seen.add("first");
        });

        assertThat(seen).containsExactly("first", "second");
    }

    @Test
    void errorOfOneIsToldBeforeTheNextIsHandled() {
        Mailbox mailbox = new Mailbox(error -> seen.add(error.getMessage()));

        mailbox.tell(() -> {
            mailbox.tell(() -> seen.add("second"));
            throw new IllegalStateException("first");
        });

        assertThat(seen).containsExactly("first", "second");
    }

    /** Else whoever comes later waits for one that has left, for ever. */
    @Test
    void errorInWhoIsToldOfAnErrorStopsNeitherTheMailBehindNorWhatComesLater() {
        Mailbox mailbox =
                new Mailbox(error -> {
                    seen.add(error.getMessage());
                    throw new IllegalStateException("told in vain");
                });

        assertThatCode(() ->
                        mailbox.tell(() -> {
                            mailbox.tell(() -> seen.add("second"));
                            throw new AssertionError("first");
                        }))
                .doesNotThrowAnyException();
        mailbox.tell(() -> seen.add("later"));

        assertThat(seen).containsExactly("first", "second", "later");
    }
}
