package dev.lepton.gateway.balancing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which part of the requests each version of a service gets. The share of a version that has no
 * candidate goes to the others in proportion.
 *
 * @param shares by version, in order of its name so that all gateways draw alike; relative to one
 *     another, and empty when all units are the same
 */
public record VersionShares(List<Share> shares) {

    public static final VersionShares NONE = new VersionShares(List.of());

    /** A version and its share, above 0. */
    public record Share(String version, int percent) {}

    public VersionShares {
        shares = List.copyOf(shares);
    }

    /**
     * @param percents by version; 0 is as if it was not named
     */
    public static VersionShares of(Map<String, Integer> percents) {
        return new VersionShares(
                new TreeMap<>(percents)
                        .entrySet().stream()
                                .filter(share -> share.getValue() > 0)
                                .map(share -> new Share(share.getKey(), share.getValue()))
                                .toList());
    }

    /** The candidates of the versions that have a share, or all when none of them has one. */
    public <U extends Load> List<U> open(List<U> candidates) {
        List<U> open = candidates.stream().filter(unit -> hasShare(unit.version())).toList();
        return open.isEmpty() ? candidates : open;
    }

    private boolean hasShare(@Nullable String version) {
        return shares.stream().anyMatch(share -> share.version().equals(version));
    }

    /**
     * The candidates of the version that a request falls to, or all when none has a share.
     *
     * @param draw from 0 to below 1
     */
    <U extends Load> List<U> narrow(List<U> candidates, double draw) {
        double left = draw * present(candidates);
        for (Share share : shares) {
            if (isPresent(share, candidates)) {
                left -= share.percent();
                if (left < 0) {
                    return ofVersion(share.version(), candidates);
                }
            }
        }
        return candidates;
    }

    private int present(List<? extends Load> candidates) {
        int percent = 0;
        for (Share share : shares) {
            percent += isPresent(share, candidates) ? share.percent() : 0;
        }
        return percent;
    }

    private static boolean isPresent(Share share, List<? extends Load> candidates) {
        for (Load candidate : candidates) {
            if (share.version().equals(candidate.version())) {
                return true;
            }
        }
        return false;
    }

    private static <U extends Load> List<U> ofVersion(String version, List<U> candidates) {
        List<U> of = new ArrayList<>(candidates.size());
        for (U candidate : candidates) {
            if (version.equals(candidate.version())) {
                of.add(candidate);
            }
        }
        return of;
    }
}
