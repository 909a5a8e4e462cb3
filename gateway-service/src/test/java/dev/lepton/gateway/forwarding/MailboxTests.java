package dev.lepton.gateway.forwarding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MailboxTests {

    private final List<String> seen = new ArrayList<>();

    @Test
    void mailThatComesWhileAnotherIsHandledComesAfterIt() {
        Mailbox mailbox =
                new Mailbox(ImmediateEventExecutor.INSTANCE, error -> seen.add(error.getMessage()));

        mailbox.tell(() -> {
            mailbox.tell(() -> seen.add("second"));
            seen.add("first");
        });

        assertThat(seen).containsExactly("first", "second");
    }

    @Test
    void errorOfOneIsToldBeforeTheNextIsHandled() {
        Mailbox mailbox =
                new Mailbox(ImmediateEventExecutor.INSTANCE, error -> seen.add(error.getMessage()));

        mailbox.tell(() -> {
            mailbox.tell(() -> seen.add("second"));
            throw new IllegalStateException("first");
        });

        assertThat(seen).containsExactly("first", "second");
    }

    @Test
    void mailFromElsewhereIsHandledOnTheLoop() throws InterruptedException {
        EventExecutor loop = new DefaultEventExecutor();
        Mailbox mailbox = new Mailbox(loop, error -> seen.add(error.getMessage()));
        CountDownLatch handled = new CountDownLatch(2);

        for (int i = 0; i < 2; i++) {
            mailbox.tell(() -> {
                seen.add("on the loop: " + loop.inEventLoop());
                handled.countDown();
            });
        }

        assertThat(handled.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(seen).containsExactly("on the loop: true", "on the loop: true");
        loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).await();
        assertThatCode(() -> mailbox.tell(() -> seen.add("too late"))).doesNotThrowAnyException();
    }

    /** Else whoever comes later waits for one that has left, for ever. */
    @Test
    void errorInWhoIsToldOfAnErrorStopsNeitherTheMailBehindNorWhatComesLater() {
        Mailbox mailbox =
                new Mailbox(
                        ImmediateEventExecutor.INSTANCE,
                        error -> {
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
