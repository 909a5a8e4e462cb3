package dev.lepton.registry.simulation.replica;

import dev.lepton.client.policy.PolicyChange;
import dev.lepton.client.policy.StoredPolicy;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.registry.policy.SimulatedPolicy;
import dev.lepton.registry.simulation.kernel.Weakness;
import java.util.Optional;
import java.util.function.Consumer;

/** Keeps the policy: decided, stored as the next version, decided anew if somebody was first. */
final class PolicyKeeper {

    private static final int ATTEMPTS = 8;

    private final Around around;

    PolicyKeeper(Around around) {
        this.around = around;
    }

    void change(ServiceName service, PolicyChange change, Consumer<Answer> reply) {
        change(service, change, reply, 1);
    }

    private void change(
            ServiceName service, PolicyChange change, Consumer<Answer> reply, int attempt) {
        around.connection()
                .<Optional<StoredPolicy>>ask(
                        () -> Optional.ofNullable(around.tables().policy()),
                        stored -> {
                            if (stored == null || attempt > ATTEMPTS) {
                                reply.accept(new Answer.Unavailable());
                                return;
                            }
                            SimulatedPolicy decided =
                                    SimulatedPolicy.decide(
                                            service,
                                            change,
                                            stored.orElse(null),
                                            around.time().instant());
                            if (decided.anew()) {
                                store(service, change, decided.stored(), reply, attempt);
                            } else {
                                reply.accept(new Answer.PolicyHolds(decided.stored()));
                            }
                        });
    }

    private void store(
            ServiceName service,
            PolicyChange change,
            StoredPolicy after,
            Consumer<Answer> reply,
            int attempt) {
        if (around.ground().weakBy(Weakness.ACKNOWLEDGED_BEFORE_STORED)) {
            reply.accept(new Answer.PolicyHolds(after));
        }
        around.connection()
                .<Boolean>ask(
                        () -> around.statements().store(after),
                        stored -> {
                            if (stored == null) {
                                reply.accept(new Answer.Unavailable());
                            } else if (stored) {
                                reply.accept(new Answer.PolicyHolds(after));
                            } else {
                                change(service, change, reply, attempt + 1);
                            }
                        });
    }
}
