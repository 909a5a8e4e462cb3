/** One question to an HTTP server, for where nothing but Java is installed. */
@NullMarked
package dev.lepton.client.probe;

import org.jspecify.annotations.NullMarked;
