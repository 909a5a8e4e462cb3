package dev.lepton.supervisor.declaration;

/** Who registers the units of a service and beats for them. */
public enum Beating {
    /** Nobody: they are supervised on this node and unknown to the registry. */
    NONE,
    /** They do it themselves, by the starter. */
    SELF,
    /** The supervisor does, as long as its probe is answered. */
    NODE
}
