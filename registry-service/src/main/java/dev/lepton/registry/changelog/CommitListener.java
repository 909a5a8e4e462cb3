package dev.lepton.registry.changelog;

/** Told by the {@link ChangeWriter} that it has committed changes; must return at once. */
@FunctionalInterface
public interface CommitListener {

    void committed();
}
