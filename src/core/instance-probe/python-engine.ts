/**
 * Carries one exchange, for Python 2.7 and 3: one write, what came back, how it ended. Arguments: address, port, the bytes
 * in front of a greeting, the bytes, the reply that ends the wait, the bytes inside TLS, the server name, and in seconds
 * the wait for a greeting, for the connection and for an answer; empty if there is none. `:`, `;` and `,` in the bytes
 * mean the source port, which only the socket knows: its digits, as many ones, and 16 bits.
 *
 * It prints how it ended, milliseconds to the first byte or the end, bytes received, how many of them before it spoke, the
 * source port, whether a TLS session happened (-1: not seen), and the bytes on the wire and inside TLS, a dash behind
 * each. A handshake is driven over a pair of sockets, because its first bytes must leave in one write with those in front.
 * Without single quotes and the current folder on the path: it is an argument in a script that runs as root.
 */
export const pythonEngine = String.raw`import sys
sys.path[:1]=[]
import socket as k,time
from binascii import unhexlify as U,hexlify as X
a,p,l,h,u,i,n,g,c,w=sys.argv[1:]
N=time.time;S=N();F=q=G=0;I=-1;e="";r=O=b""
H=lambda h:U(h.replace(":","3"+"3".join(str(q))).replace(";","31"*len(str(q))).replace(",","%04x"%q))
W=lambda r:r[:5]==b"HTTP/"and b"\n"in r
Q=lambda v:X(v[:v[:1]==b"\x16"and 16 or 4096]).decode()
def V(z,y):
 global r,F,e
 t=min(z,y)-N()
 if t<=0 or len(r)>65536:return
 s.settimeout(t)
 try:v=s.recv(65536)
 except k.timeout:return
 if not v:e="fin"
 else:F=F or N();r+=v;return v
def R(d,o):
 z=y=N()+float(d)
 while V(z,y):
  y=N()+.25
  if o and(u and U(u)in r or not u and W(r)):return
s=k.socket(":"in a and k.AF_INET6 or k.AF_INET)
try:
 s.settimeout(float(c));s.bind((a,0));s.connect((a,int(p)));q=s.getsockname()[1];S=N()
 try:
  if i:
   import ssl
   C=ssl._create_unverified_context()
   try:C.minimum_version=769;C.set_ciphers("DEFAULT:@SECLEVEL=0")
   except Exception:0
   A,B=k.socketpair();A.setblocking(0);B.setblocking(0)
   T=C.wrap_socket(A,do_handshake_on_connect=0,server_hostname=n or None);I=0
 except Exception:0
 if I:
  if g:s.sendall(H(l));R(g,0);G=len(r)
  if not e:s.sendall(H(h));R(w,1)
 else:
  d=H(l);z=y=N()+float(w)
  while 1:
   try:
    if I:
     v=T.recv(65536)
     if not v:e="fin";break
     O+=v;y=N()+.25
     if W(O):break
    else:T.do_handshake();I=1;T.send(H(i));z=y=N()+float(w)
   except ssl.SSLWantReadError:
    try:d+=B.recv(99999)
    except k.error:0
    s.sendall(d);d=b"";v=V(z,y)
    if not v:break
    B.sendall(v)
   except ssl.SSLError:e=not r and"reset"or"";break
except k.error as x:e=q and"reset"or"x%s"%x.errno
print("%s %d %d %d %d %d %s- %s-"%(e or"open",((F or N())-S)*1e3,len(r),G,q,I,Q(r),Q(O)))`;
