package dev.lepton.registry.node;

/** The sum of the versions of all policies, as this replica knows it; must return at once. */
@FunctionalInterface
public interface PolicyVersion {

    long known();
}
