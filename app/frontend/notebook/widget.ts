// The widget of a notebook: a page of the laboratory in a frame of its own, and its questions sent to the kernel.

/** What anywidget hands over of its model. */
interface Model {
  get(name: "page"): string;
  get(name: "height"): number;
  get(name: "picture"): string;
  send(content: object): void;
  on(event: "msg:custom", listen: (content: object, buffers: DataView[]) => void): void;
  off(event: "msg:custom", listen: (content: object, buffers: DataView[]) => void): void;
}

/** The picture that stands beside the widget for readers without scripts is not needed where this runs. */
function hidePicture(mark: string): void {
  const drawn = document.getElementById(mark);
  const output = drawn?.closest<HTMLElement>(".jp-OutputArea-child, .output_area") ?? drawn;
  if (output) output.style.display = "none";
}

function render({ model, el }: { model: Model; el: HTMLElement }): () => void {
  const frame = document.createElement("iframe");
  const { port1, port2 } = new MessageChannel();
  const reply = (content: object, buffers: DataView[]) => {
    const view = buffers[0];
    const body = view
      ? view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength)
      : new ArrayBuffer(0);
    port1.postMessage({ ...content, body });
  };
  model.on("msg:custom", reply);
  port1.onmessage = ({ data }: MessageEvent<object>) => model.send(data);
  frame.title = "Backprop Lab";
  frame.style.cssText = `width:100%;height:${model.get("height")}px;border:0`;
  frame.allow = "fullscreen; clipboard-write";
  frame.addEventListener("load", () =>
    frame.contentWindow!.postMessage("backprop-lab", "*", [port2]),
  );
  frame.srcdoc = model.get("page");
  el.append(frame);
  hidePicture(model.get("picture"));
  return () => {
    model.off("msg:custom", reply);
    port1.close();
  };
}

export default { render };
