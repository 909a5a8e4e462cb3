package dev.lepton.registry.node;

/** What is known of a node's supervisor. */
enum NodeState {
    /** It beats. */
    LIVE,
    /** It does not, or has yet to be seen to. */
    SILENT,
    /** It has been silent for so long that its units move. */
    LOST
}
