"""Column by column, through corners; candidates with topk."""

import torch
from torch import Tensor


def convert(boxes: Tensor, source: str, target: str, height: int, width: int) -> Tensor:
    a, b, c, d = boxes.clone().unbind(1)
    match source:
        case "xyxy":
            corners = a, b, c, d
        case "xywh":
            corners = a, b, a + c, b + d
        case "cxcywh":
            a, b, c, d = a * width, b * height, c * width, d * height
            corners = a - c / 2, b - d / 2, a + c / 2, b + d / 2
        case _:
            raise ValueError(source)
    left, top, right, bottom = corners
    match target:
        case "xyxy":
            out = corners
        case "xywh":
            out = left, top, right - left, bottom - top
        case "cxcywh":
            out = (
                (left + right) / 2 / width,
                (top + bottom) / 2 / height,
                (right - left) / width,
                (bottom - top) / height,
            )
        case _:
            raise ValueError(target)
    return torch.stack(out, dim=1)


def _cells(height: int, width: int, stride: int) -> int:
    return -(-height // stride) * -(-width // stride)


def one_stage_outputs(height: int, width: int, strides: list[int], anchors: int, classes: int) -> tuple[int, int]:
    boxes = anchors * sum(_cells(height, width, stride) for stride in strides)
    return boxes, boxes * (classes + 5)


def two_stage_outputs(
    height: int, width: int, stride: int, anchors: int, kept: int, classes: int
) -> tuple[int, int, int]:
    boxes = anchors * _cells(height, width, stride)
    return boxes, 5 * boxes, min(boxes, kept) * (5 * classes + 1)


def detections(
    boxes: Tensor, objectness: Tensor, scores: Tensor, keep: float, most: int
) -> tuple[Tensor, Tensor, Tensor]:
    probability = scores.log_softmax(dim=1).exp()
    classes = probability.argmax(dim=1)
    confidence = objectness.sigmoid() * probability[torch.arange(len(boxes)), classes]
    confidence, order = confidence.topk(min(most, len(confidence)))
    count = int((confidence >= keep).sum())
    return boxes[order[:count]], confidence[:count], classes[order[:count]]


def annotations(images: list[dict], objects: list[dict], names: list[str]) -> dict[str, list[tuple[str, list[float]]]]:
    out = {}
    for image in images:
        own = [item for item in objects if item["image_id"] == image["id"] and item["iscrowd"] == 0]
        boxes = [(item["bbox"][0], item["bbox"][1], *item["bbox"][2:]) for item in own]
        out[image["file_name"]] = [
            (names[item["category_id"] - 1], [x, y, x + w, y + h])
            for item, (x, y, w, h) in zip(own, boxes, strict=True)
        ]
    return out


def to_library(boxes: Tensor, labels: Tensor, library: str, height: int, width: int) -> dict[str, Tensor]:
    left, top, right, bottom = boxes.unbind(1)
    match library:
        case "torchvision":
            return {"labels": torch.add(labels, 1), "boxes": torch.stack([left, top, right, bottom], 1)}
        case "detectron2":
            return {"gt_classes": labels * 1, "gt_boxes": boxes * 1}
        case "tensorflow":
            shares = torch.stack([top / height, left / width, bottom / height, right / width], dim=1)
            return {"groundtruth_classes": torch.add(labels, 1), "groundtruth_boxes": shares}
    raise ValueError(f"no such library: {library}")


def choose_detector(task: dict) -> dict:
    enlarge, stride = 1, 4
    while enlarge * task["smallest"] < 8:
        enlarge += 1
    while stride < 32 and 4 * stride <= enlarge * task["smallest"]:
        stride *= 2
    stages = 0
    for name, count in (("one_stage_ms", 1), ("two_stage_ms", 2)):
        if enlarge * enlarge * task[name] <= task["frame_ms"]:
            stages = count
    odds = task["miss"] / task["false_alarm"]
    return {"stages": stages, "enlarge": enlarge, "stride": stride, "threshold": 1 / (1 + odds)}
