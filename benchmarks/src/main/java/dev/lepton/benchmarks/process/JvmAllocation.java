package dev.lepton.benchmarks.process;

import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.IOException;
import javax.management.JMException;
import javax.management.MBeanServerConnection;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.remote.JMXConnector;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;

/**
 * How much memory the threads of another JVM have allocated since its start, to the byte, and what
 * of it is still used.
 */
public final class JvmAllocation implements AutoCloseable {

    private final JMXConnector connector;
    private final MBeanServerConnection connection;

    private JvmAllocation(JMXConnector connector) throws IOException {
        this.connector = connector;
        this.connection = connector.getMBeanServerConnection();
    }

    // The address is that of a process that the benchmark started itself.
    @SuppressWarnings("BanJNDI")
    public static JvmAllocation of(long pid) throws IOException {
        try {
            VirtualMachine machine = VirtualMachine.attach(Long.toString(pid));
            try {
                String address = machine.startLocalManagementAgent();
                return new JvmAllocation(JMXConnectorFactory.connect(new JMXServiceURL(address)));
            } finally {
                machine.detach();
            }
        } catch (AttachNotSupportedException e) {
            throw new IOException("cannot ask the JVM with pid " + pid, e);
        }
    }

    public long bytes() throws IOException {
        try {
            return (Long)
                    connection.getAttribute(
                            new ObjectName("java.lang:type=Threading"),
                            "TotalThreadAllocatedBytes");
        } catch (JMException e) {
            throw new IOException("the JVM does not tell what its threads allocate", e);
        }
    }

    /** What is used of the heap once the JVM has collected what is garbage. */
    public long usedAfterCollection() throws IOException {
        try {
            ObjectName memory = new ObjectName("java.lang:type=Memory");
            connection.invoke(memory, "gc", new Object[0], new String[0]);
            return (Long)
                    ((CompositeData) connection.getAttribute(memory, "HeapMemoryUsage"))
                            .get("used");
        } catch (JMException e) {
            throw new IOException("the JVM does not tell what it uses", e);
        }
    }

    @Override
    public void close() throws IOException {
        connector.close();
    }
}
