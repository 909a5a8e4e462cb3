package dev.lepton.gateway.balancing;

import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What binds a request to some of the units; the same for all of its attempts.
 *
 * @param key requests that have it in common go to the same unit, null for none
 * @param draw from 0 to below 1, by which the request falls to a version; those with the same key
 *     have the same, so that nobody goes back and forth between versions
 * @param version the only one that will do, null when any does
 */
public record Affinity(@Nullable String key, double draw, @Nullable String version) {

    public static final Affinity NONE = new Affinity(null, 0, null);

    public static Affinity of(
            @Nullable String key, @Nullable String version, RandomGenerator random) {
        double draw = key == null ? random.nextDouble() : Hash.fraction(Hash.of(key));
        return new Affinity(key, draw, version);
    }
}
