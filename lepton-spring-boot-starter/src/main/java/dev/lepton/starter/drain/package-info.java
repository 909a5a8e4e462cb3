/** The orderly end: the registry and the gateways are told before the server stops accepting. */
@NullMarked
package dev.lepton.starter.drain;

import org.jspecify.annotations.NullMarked;
