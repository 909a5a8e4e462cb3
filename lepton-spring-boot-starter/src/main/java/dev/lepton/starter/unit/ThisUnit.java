package dev.lepton.starter.unit;

import dev.lepton.client.registration.Registration;
import dev.lepton.client.unit.Beater;
import dev.lepton.client.unit.ServiceName;
import dev.lepton.client.unit.StartId;
import dev.lepton.client.unit.UnitAddress;
import dev.lepton.client.unit.UnitId;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The unit that this process is: what it was told at its start, and what it has learnt since.
 * Applications may inject it to show who answers. Safe for many threads.
 */
public final class ThisUnit {

    private static final long NONE = -1;

    private final UnitSettings settings;
    private volatile @Nullable UnitId id;
    private volatile @Nullable UnitAddress address;
    private volatile int port;
    private volatile long incarnation = NONE;

    public ThisUnit(UnitSettings settings) {
        this.settings = settings;
        this.id = settings.id();
    }

    public ServiceName service() {
        return settings.service();
    }

    public StartId startId() {
        return settings.startId();
    }

    public @Nullable String version() {
        return settings.version();
    }

    /** Null until the host is known, when the id is made of service, host and port. */
    public @Nullable UnitId id() {
        return id;
    }

    /** Null until the web server listens and the host is known. */
    public @Nullable UnitAddress address() {
        return address;
    }

    /** The number that the registry gave to this start; empty before it registered. */
    public OptionalLong incarnation() {
        long known = incarnation;
        return known == NONE ? OptionalLong.empty() : OptionalLong.of(known);
    }

    /**
     * Whether a request that names {@code unit} means this process. While the host is not known,
     * every host is taken for this one: the service and the port must fit.
     */
    public boolean isNamed(String unit) {
        UnitId known = id;
        if (known != null) {
            return known.value().equals(unit);
        }
        return unit.startsWith(service() + ":") && unit.endsWith(":" + port);
    }

    /** The web server listens on the port, which may be known before the host is. */
    public void listensOn(int port) {
        this.port = port;
    }

    public void reachableAt(UnitAddress address) {
        this.address = address;
        if (id == null) {
            id = new UnitId(service() + ":" + address.host() + ":" + address.port());
        }
    }

    public void assigned(long incarnation) {
        this.incarnation = incarnation;
    }

    /**
     * @throws IllegalStateException before {@link #reachableAt}
     */
    public Registration registration(long pid) {
        UnitId unit = id;
        UnitAddress reachable = address;
        if (unit == null || reachable == null) {
            throw new IllegalStateException("the unit's address is not known yet");
        }
        return new Registration(
                unit,
                startId(),
                service(),
                reachable,
                settings.node(),
                Beater.SELF,
                settings.version(),
                settings.weight(),
                settings.zone(),
                pid,
                settings.labels());
    }
}
