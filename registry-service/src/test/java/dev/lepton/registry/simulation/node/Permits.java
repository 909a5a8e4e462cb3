package dev.lepton.registry.simulation.node;

import static dev.lepton.registry.simulation.kernel.Spans.MILLI;
import static dev.lepton.registry.simulation.kernel.Spans.SECOND;

import dev.lepton.client.recovery.KillCause;
import dev.lepton.client.recovery.PermitRequest;
import dev.lepton.registry.simulation.happening.Happening;
import dev.lepton.registry.simulation.kernel.Ground;
import dev.lepton.registry.simulation.kernel.Weakness;
import dev.lepton.registry.simulation.replica.Answer;
import java.util.function.BooleanSupplier;

/** Asks for each live process that is to be ended: the registry, or the node's own brake. */
final class Permits {

    private static final long TIMEOUT = 500 * MILLI;
    private static final long ONE_HERE = 5 * SECOND;

    private final Ground ground;
    private final Registries registries;
    private long lastHere = -ONE_HERE;
    private long questions;

    Permits(Ground ground, Registries registries) {
        this.ground = ground;
        this.registries = registries;
    }

    /**
     * @param wanted whether it is still to happen when the answer comes
     * @param granted what then happens
     * @param refused told when it does not happen now
     */
    void ask(UnitProcess process, BooleanSupplier wanted, Runnable granted, Runnable refused) {
        PermitRequest request =
                new PermitRequest(
                        UnitProcess.SERVICE, process.start(), KillCause.HUNG, null, ++questions);
        registries.call(
                TIMEOUT,
                (replica, reply) -> replica.permit(process.unit(), request, reply),
                answer -> {
                    if (!wanted.getAsBoolean()) {
                        release(process);
                        refused.run();
                    } else if (mayKill(process, answer)) {
                        granted.run();
                    } else {
                        refused.run();
                    }
                });
    }

    /** It was not used, and will not be. */
    void release(UnitProcess process) {
        long asked = questions;
        registries.call(
                TIMEOUT,
                (replica, reply) ->
                        replica.releasePermit(process.unit(), process.start(), asked, reply),
                _ -> {});
    }

    private boolean mayKill(UnitProcess process, Answer answer) {
        if (!(answer instanceof Answer.Permitted(boolean said))) {
            return mayKillHere();
        }
        boolean may = said || ground.weakBy(Weakness.KILLS_WITHOUT_PERMITS);
        if (may) {
            ground.witness().see(new Happening.KilledByPermit(process.unit(), process.start()));
        }
        return may;
    }

    private boolean mayKillHere() {
        boolean may = ground.now() - lastHere >= ONE_HERE;
        lastHere = may ? ground.now() : lastHere;
        return may;
    }
}
