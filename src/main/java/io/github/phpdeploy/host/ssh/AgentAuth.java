package io.github.phpdeploy.host.ssh;

import java.io.IOException;

import net.schmizz.sshj.common.Buffer;
import net.schmizz.sshj.common.Message;
import net.schmizz.sshj.common.SSHPacket;
import net.schmizz.sshj.transport.TransportException;
import net.schmizz.sshj.userauth.UserAuthException;
import net.schmizz.sshj.userauth.method.AbstractAuthMethod;

/**
 * Public-key authentication (RFC 4252, section 7) with a key that only the agent holds. It asks the server first whether
 * it would take the key, because an agent may make its owner touch or confirm each signature.
 */
final class AgentAuth extends AbstractAuthMethod {

    private static final int RSA_SHA2_512 = 4;

    private final AgentClient agent;
    private final AgentClient.Identity identity;
    private final String keyType;

    AgentAuth(AgentClient agent, AgentClient.Identity identity) throws IOException {
        super("publickey");
        this.agent = agent;
        this.identity = identity;
        try {
            this.keyType = new Buffer.PlainBuffer(identity.key()).readString();
        } catch (Buffer.BufferException e) {
            throw new IOException("the agent holds a key without a type", e);
        }
    }

    private boolean isRsa() {
        return keyType.equals("ssh-rsa");
    }

    private SSHPacket request(boolean signed) throws UserAuthException {
        return super.buildReq()
                .putBoolean(signed)
                .putString(isRsa() ? "rsa-sha2-512" : keyType)
                .putBytes(identity.key());
    }

    @Override
    protected SSHPacket buildReq() throws UserAuthException {
        return request(false);
    }

    @Override
    public void handle(Message message, SSHPacket packet) throws UserAuthException, TransportException {
        if (message != Message.USERAUTH_60) {
            super.handle(message, packet);
            return;
        }
        SSHPacket request = request(true);
        byte[] data = new Buffer.PlainBuffer()
                .putBytes(params.getTransport().getSessionID())
                .putBuffer(request)
                .getCompactData();
        try {
            byte[] signature = agent.sign(identity.key(), data, isRsa() ? RSA_SHA2_512 : 0);
            params.getTransport().write(request.putBytes(signature));
        } catch (IOException e) {
            if (e instanceof TransportException lost) {
                throw lost;
            }
            throw new UserAuthException("the agent did not sign: " + e.getMessage(), e);
        }
    }
}
