package dev.lepton.registry.watch;

import dev.lepton.client.watch.Position;

/**
 * The frame of a list, shared by all who begin with it.
 *
 * @param deflated as blocks of a gzip stream; an ordinary list is ten times as long
 */
record EncodedList(Position position, byte[] deflated) {}
