package io.github.phpdeploy.host.ssh;

import net.schmizz.sshj.common.SSHPacket;
import net.schmizz.sshj.connection.Connection;
import net.schmizz.sshj.connection.channel.direct.AbstractDirectChannel;

/** A connection from the host to one of its Unix sockets, by OpenSSH's extension (PROTOCOL, section 2.4). */
final class SocketChannel extends AbstractDirectChannel {

    private final String path;

    SocketChannel(Connection connection, String path) {
        super(connection, "direct-streamlocal@openssh.com");
        this.path = path;
    }

    @Override
    protected SSHPacket buildOpenReq() {
        // two fields that are reserved follow the path
        return super.buildOpenReq().putString(path).putString("").putUInt32(0);
    }
}
