package dev.lepton.registry.registration;

import dev.lepton.registry.problem.ProblemException;
import dev.lepton.registry.unit.DatabaseAway;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/**
 * Bounds how many registrations are under way and how many wait for their turn; whoever finds both
 * full is told when to come again. A fleet that starts at once is so taken in at the pace of
 * PostgreSQL, and neither its beats nor anyone's queries wait behind it for connections.
 */
final class RegistrationGate {

    private final Semaphore turns;
    private final int waitingAtMost;
    private final Duration patience;
    private final Appointments appointments;
    private final AtomicInteger waiting = new AtomicInteger();

    /**
     * @param atOnce how many are under way at most
     * @param patience how long a caller waits for its turn at most
     */
    RegistrationGate(int atOnce, int waitingAtMost, Duration patience, Appointments appointments) {
        this.turns = new Semaphore(atOnce, true);
        this.waitingAtMost = waitingAtMost;
        this.patience = patience;
        this.appointments = appointments;
    }

    /**
     * @throws RegistrationsCrowded when there is no turn for the caller now
     */
    <T> T pass(Supplier<T> registration) {
        boolean free = waiting.get() == 0 && turns.tryAcquire();
        if (!free && !awaitedTurn()) {
            throw new RegistrationsCrowded(appointments.next());
        }
        try {
            T answer = registration.get();
            appointments.done();
            return answer;
        } catch (DatabaseAway e) {
            // Refused in no time, and so no measure of how much can be done.
            throw e;
        } catch (ProblemException e) {
            appointments.done();
            throw e;
        } finally {
            turns.release();
        }
    }

    private boolean awaitedTurn() {
        if (waiting.incrementAndGet() > waitingAtMost) {
            waiting.decrementAndGet();
            return false;
        }
        try {
            return turns.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            waiting.decrementAndGet();
        }
    }

    int waiting() {
        return waiting.get();
    }
}
