package dev.lepton.starter.traffic;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Decides for each request whether this unit takes it. Only a request that names a unit comes from
 * a gateway, which goes to another unit when it is refused; one without the name comes from a
 * client that knows no other unit, and is served for as long as the server accepts.
 */
public final class RequestGate {

    /** Names the unit that the gateway means. */
    public static final String UNIT_HEADER = "Lepton-Unit";

    private final Predicate<String> namesThisUnit;
    private final LongPredicate fenced;
    private final LongSupplier nanos;
    private final AtomicReference<Intake> intake = new AtomicReference<>(Intake.OPEN);

    /**
     * @param fenced whether the unit is not confirmed any more and may do nothing at a moment of
     *     the clock; asked for each request, so that a process that was frozen does no harm before
     *     it notices
     * @param nanos the monotonic clock
     */
    public RequestGate(Predicate<String> namesThisUnit, LongPredicate fenced, LongSupplier nanos) {
        this.namesThisUnit = namesThisUnit;
        this.fenced = fenced;
        this.nanos = nanos;
    }

    /**
     * @param namedUnit the value of {@value #UNIT_HEADER}, null without one
     */
    public Verdict decide(@Nullable String namedUnit) {
        if (fenced.test(nanos.getAsLong())) {
            return Verdict.FENCED;
        }
        if (namedUnit == null) {
            return Verdict.TAKEN;
        }
        if (!namesThisUnit.test(namedUnit)) {
            return Verdict.MISDIRECTED;
        }
        return intake.get() == Intake.DRAINING ? Verdict.DRAINING : Verdict.TAKEN;
    }

    public Intake intake() {
        return intake.get();
    }

    /** Whether answers are to end their connections, so that callers come back by another one. */
    public boolean endsConnections() {
        return intake.get() != Intake.OPEN;
    }

    /** From now on for good: requests of gateways are refused. */
    public void drain() {
        intake.set(Intake.DRAINING);
    }

    /**
     * What an operator wants, told by the registry; changes nothing once the unit drains for good.
     */
    public void operatorDrains(boolean draining) {
        Intake wanted = draining ? Intake.LEAVING : Intake.OPEN;
        intake.updateAndGet(now -> now == Intake.DRAINING ? now : wanted);
    }
}
