package dev.lepton.registry.registration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class RegistrationGateTests {

    private static final Duration LONG = Duration.ofMinutes(1);

    private final CountDownLatch busy = new CountDownLatch(1);
    private final List<CompletableFuture<String>> passing = new ArrayList<>();

    @Test
    void whoeverFindsNoTurnAndNoPlaceToWaitIsToldWhenToComeAgain() throws Exception {
        RegistrationGate gate = gate(2, 1, LONG);
        underWay(gate, 2);
        CompletableFuture<String> waits = passed(gate, "waited");
        await().until(() -> gate.waiting() == 1);

        assertThatThrownBy(() -> gate.pass(() -> "no"))
                .isInstanceOfSatisfying(
                        RegistrationsCrowded.class,
                        crowded -> {
                            assertThat(crowded.status().value()).isEqualTo(503);
                            assertThat(crowded.code()).isEqualTo("busy");
                            assertThat(crowded.retryAfter()).isLessThan(Duration.ofSeconds(2));
                        });
        busy.countDown();
        assertThat(waits.get()).isEqualTo("waited");
        assertThat(gate.pass(() -> "free again")).isEqualTo("free again");
        assertThat(gate.waiting()).isZero();
    }

    @Test
    void whoeverWaitedForLongEnoughIsToldWhenToComeAgain() {
        RegistrationGate gate = gate(1, 1, Duration.ofMillis(1));
        underWay(gate, 1);

        assertThatThrownBy(() -> gate.pass(() -> "no")).isInstanceOf(RegistrationsCrowded.class);

        busy.countDown();
    }

    @Test
    void registrationThatFailsGivesItsTurnBack() {
        RegistrationGate gate = gate(1, 0, LONG);

        assertThatThrownBy(() ->
                        gate.pass(() -> {
                            throw new IllegalStateException("refused");
                        }))
                .hasMessage("refused");

        assertThat(gate.pass(() -> "next")).isEqualTo("next");
    }

    private static RegistrationGate gate(int atOnce, int waiting, Duration patience) {
        return new RegistrationGate(
                atOnce, waiting, patience, new Appointments(10, () -> 0, new Random(7)));
    }

    private void underWay(RegistrationGate gate, int count) {
        CountDownLatch begun = new CountDownLatch(count);
        for (int i = 0; i < count; i++) {
            passing.add(
                    CompletableFuture.supplyAsync(
                            () ->
                                    gate.pass(() -> {
                                        begun.countDown();
                                        awaitQuietly(busy);
                                        return "done";
                                    }),
                            task -> Thread.ofVirtual().start(task)));
        }
        awaitQuietly(begun);
    }

    private static CompletableFuture<String> passed(RegistrationGate gate, String answer) {
        return CompletableFuture.supplyAsync(
                () -> gate.pass(() -> answer), task -> Thread.ofVirtual().start(task));
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
